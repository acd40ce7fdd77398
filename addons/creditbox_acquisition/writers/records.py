"""What customers and supplies share: master data, whose changes people want to see."""

from .base import Writer


class RecordWriter(Writer):
    """Writer of master data: by the ORM, in batches, and only what has changed."""

    def _write_changes(self, records, wanted):
        """Write what differs, and note it on the records.

        Records that get the same values are written together.

        :param wanted: dict id -> values, for each of the records
        :return: set of the ids of the records that were changed
        """
        changes = {}
        for record in records:
            vals = {
                name: value
                for name, value in wanted[record.id].items()
                if _differs(record, name, value)
            }
            if vals:
                changes[record.id] = vals
        changed = records.browse(changes)
        before = self._tracked_values(changed)
        groups = {}
        for record in changed:
            groups.setdefault(tuple(changes[record.id].items()), []).append(record.id)
        self._keep_former(changed, changes)
        writable = records.with_context(creditbox_former_kept=True)
        for vals, ids in groups.items():
            writable.browse(ids).with_prefetch(changed.ids).write(dict(vals))
        self._log_changes(changed, before)
        return set(changes)

    def _keep_former(self, records, changes):
        """What reminders depend on is remembered for all records at once."""
        columns, where = records._creditbox_former()
        self.env["creditbox.former"]._keep_all(
            records.filtered(lambda r: not changes[r.id].keys().isdisjoint(columns)),
            columns,
            where,
        )

    # -- chatter -------------------------------------------------------------------

    def _tracked_values(self, records):
        """dict id -> dict name -> value, of the fields that are tracked."""
        names = records._track_get_fields()
        return {record.id: {name: record[name] for name in names} for record in records}

    def _log_changes(self, records, before):
        """The messages that Odoo's tracking makes one by one, made all at once."""
        tracked = records.fields_get(
            records._track_get_fields(),
            attributes=("string", "type", "selection", "currency_field"),
        )
        values = {}
        for record in records if tracked else ():
            _names, commands = record._mail_track(tracked, before[record.id])
            if commands:
                values[record.id] = [vals for _new, _id, vals in commands]
        messages = self._log(records.browse(values), dict.fromkeys(values, ""))
        self.env["mail.tracking.value"].create(
            [
                {**vals, "mail_message_id": message.id}
                for message in messages
                for vals in values[message.res_id]
            ]
        )

    def _log(self, records, texts):
        """Notes that say which billing system has changed the records.

        :param texts: dict id -> what has changed, where no tracked value says it
        """
        if not records:
            return self.env["mail.message"]
        env = self.env(
            context=dict(self.env.context, lang=self.company.partner_id.lang)
        )
        heading = env._("Changed by %s", self.source.name)
        return records._message_log_batch(
            {
                id_: ": ".join(filter(None, (heading, text)))
                for id_, text in texts.items()
            }
        )


def _differs(record, name, value):
    field = record._fields[name]
    wanted = field.convert_to_record(field.convert_to_cache(value, record), record)
    return record[name] != wanted
