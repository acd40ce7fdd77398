import re
from string import ascii_lowercase, ascii_uppercase

from odoo import api, models
from odoo.tools import SQL

_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


class CreditboxChannel(models.AbstractModel):
    """How the actions of one code are carried out.

    A channel is an abstract model that inherits this one and is named in
    ``_channel_models``. What it must do:

    ``_dispatch(actions)``  in the batch's transaction, after the gate: prepare text
        and address, then hand over, or queue what a transport sends later;
    ``_recall(actions)``  take back what still waits in a queue;
    ``_take_back(actions)``  the same for what is done, but has not left the house;
    ``_recallable(actions)``  which of them that would be;
    ``_confirm_sent(actions)`` / ``_send_again(actions)``  settle a doubt after a
        process was killed while handing over.
    """

    _name = "creditbox.channel"
    _description = "Dunning Channel"
    _address_field = None  # of the queued messages, where there is a queue

    @api.model
    def _channel_models(self):
        """Return {code: name of its channel model}; addons above add theirs."""
        return {
            "email": "creditbox.channel.email",
            "sms": "creditbox.channel.sms",
            "letter": "creditbox.channel.letter",
            "registered": "creditbox.channel.registered",
            "pec": "creditbox.channel.pec",
        }

    @api.model
    def _channels(self):
        """Return {code: channel model}."""
        return {
            code: self.env[name]
            for code, name in self._channel_models().items()
            if name in self.env
        }

    @api.model
    def _available_codes(self, company):
        """Return the codes that ``company`` can carry out."""
        return [
            code
            for code, channel in self._channels().items()
            if channel._is_available(company)
        ]

    @api.model
    def _is_available(self, company):
        """Whether ``company`` has what this channel needs (a mailbox, a gateway…)."""
        return True

    @api.model
    def _sql_address_conditions(self):
        """Return {code: SQL condition «the customer ``c`` has an address»}.

        ``c`` is a row of res_partner.
        """
        street = self._sql_has_street()
        return {
            "email": self._sql_has_email(),
            "sms": self._sql_has_mobile(),
            "letter": street,
            "registered": street,
            "pec": self._sql_has_pec(),
        }

    @api.model
    def _sql_has_email(self):
        """The first address works, as nearly always, or another one of several."""
        return SQL(
            """
            c.creditbox_no_email IS NOT TRUE AND c.email_normalized IS NOT NULL
            AND ((c.id, c.email_normalized::varchar) NOT IN (%(failed)s)
                 AND c.email_normalized NOT IN (%(refused)s)
                 OR EXISTS (
                    SELECT FROM regexp_matches(
                        lower(c.email), '[^\\s<>,;"]+@[^\\s<>,;"]+', 'g') AS m (found)
                     WHERE (c.id, m.found[1]::varchar) NOT IN (%(failed)s)
                       AND m.found[1] NOT IN (%(refused)s)))
            """,
            failed=self.env["creditbox.failed.address"]._sql_failed("email"),
            refused=self.env["mail.blacklist"]._creditbox_sql(),
        )

    @api.model
    def _sql_has_street(self):
        return SQL(
            "COALESCE(c.street, '') <> '' AND COALESCE(c.city, '') <> ''"
            " AND (c.id, %s) NOT IN (%s)",
            self._sql_postal(),
            self.env["creditbox.failed.address"]._sql_failed("postal"),
        )

    @api.model
    def _sql_postal(self):
        """The customer's postal address as `_postal_key` writes it.

        Only ASCII letters change their case: a database's locale may know no others.
        """
        return SQL(
            """
            translate(btrim(regexp_replace(concat_ws(' ',
                NULLIF(c.street, ''), NULLIF(c.street2, ''),
                NULLIF(c.zip, ''), NULLIF(c.city, '')), '[ \t\r\n]+', ' ', 'g')),
                %s, %s)::varchar
            """,
            ascii_lowercase,
            ascii_uppercase,
        )

    @api.model
    def _postal_key(self, partner):
        """:return: str, the customer's postal address in the form that is compared"""
        parts = (partner.street, partner.street2, partner.zip, partner.city)
        text = " ".join(filter(None, parts))
        return " ".join(re.split(r"[ \t\r\n]+", text)).strip(" ").translate(_CAPITALS)

    @api.model
    def _sql_has_pec(self):
        return SQL(
            "%(pec)s IS NOT NULL AND (c.id, %(pec)s) NOT IN (%(failed)s)",
            pec=self._sql_pec(),
            failed=self.env["creditbox.failed.address"]._sql_failed("pec"),
        )

    @api.model
    def _sql_pec(self):
        """The customer's certified address, normalized; NULL unless there is just one.

        As ``email_normalize`` reads it: what is entered may be anything.
        """
        return SQL(
            """
            (SELECT MIN(m.found[1])::varchar
               FROM regexp_matches(
                    lower(c.creditbox_pec), '[^\\s<>,;"@]+@[^\\s<>,;"@]+', 'g')
                    AS m (found)
             HAVING COUNT(*) = 1)
            """
        )

    @api.model
    def _sql_has_mobile(self):
        return SQL("(%s) IS NOT NULL", self._sql_mobile())

    @api.model
    def _sql_mobile(self):
        """The number that an SMS to the customer goes to, NULL without one that works.

        An Italian mobile number begins with 3; abroad nobody knows.
        """
        phone = SQL(
            "('+39' || regexp_replace(regexp_replace("
            "c.phone, '[^0-9+]', '', 'g'), '^([+]39|0039)', ''))::varchar"
        )
        return SQL(
            """
            CASE WHEN c.creditbox_mobile ~ '^[+](393|(?!39)[1-9])'
                  AND (c.id, c.creditbox_mobile) NOT IN (%(failed)s)
                 THEN c.creditbox_mobile
                 WHEN %(phone)s ~ '^[+]393[0-9]{8,9}$'
                  AND (c.id, %(phone)s) NOT IN (%(failed)s)
                 THEN %(phone)s END
            """,
            phone=phone,
            failed=self.env["creditbox.failed.address"]._sql_failed("sms"),
        )

    # ------------------------------------------------------------------
    # for the channels that write to the customer
    # ------------------------------------------------------------------
    @api.model
    def _addresses(self, partner):
        """:return: the customer's addresses as entered, normalized, also failed ones"""
        return []

    @api.model
    def _address(self, partner):
        """:return: the customer's address for this channel, empty when missing"""
        raise NotImplementedError

    @api.model
    def _with_address(self, actions):
        """Hold back the actions whose customer has no address for this channel.

        :return: the others
        """
        without = actions.filtered(lambda a: not self._address(a.partner_id))
        self._without_address(without)
        return actions - without

    @api.model
    def _refusal(self, partner):
        """:return: why ``partner`` may not be written to by this channel, or False"""
        return False

    @api.model
    def _without_address(self, actions):
        """End what the customer refuses, hold back the others.

        The next evaluation takes the row's fallback channel.
        """
        refused = actions.grouped(lambda action: self._refusal(action.partner_id))
        for reason, group in refused.items():
            if reason:
                group._cancel(reason)
            else:
                group._hold_back("no_address")

    @api.model
    def _compose(self, actions, tables=False):
        """Write the texts; actions without a text are held back.

        :param tables: also render the tables of bills as HTML
        :return: list of creditbox_communication.Communication, key = action id
        """
        communication = self.env["creditbox.communication"]
        cases = communication._cases(actions)
        written = {part.key for case in cases for part in case.parts}
        actions.filtered(lambda a: a.id not in written)._hold_back("no_text")
        communications = communication._write_cases(cases, tables) if cases else []
        self._note(
            {"date_deadline": "date"},
            [(part.key, c.deadline) for c in communications for part in c.case.parts],
        )
        return communications

    @api.model
    def _readdress(self, message):
        """Write to where the customer is reached now; nowhere: hold the action back."""
        actions = message._creditbox_actions()
        address = self._address(actions.partner_id)
        if not address:
            self._without_address(actions)
        elif address != message[self._address_field]:
            message[self._address_field] = address
            actions.sudo().recipient = address

    @api.model
    def _outdated(self, messages):
        """:return: those of ``messages`` of which a figure has changed since"""
        communication = self.env["creditbox.communication"]
        cases = communication._cases(messages._creditbox_actions())
        statements = communication._statements(cases)
        return messages.filtered(
            lambda message: (
                message.creditbox_action_id.id not in statements
                or statements[message.creditbox_action_id.id].digest
                != message.creditbox_digest
            )
        )

    @api.model
    def _of_nobody_else(self, messages, actions):
        """Let queued messages go on without ``actions`` that others still need.

        The gate writes these anew.

        :return: the others: nobody needs them any more
        """
        for message in messages.filtered("creditbox_action_id.joined_ids"):
            sharing = message._creditbox_actions()
            if staying := sharing - actions:
                (sharing & actions)._leave_message()
                message.creditbox_action_id = staying._join()
                messages -= message
        messages.creditbox_action_id.joined_ids.lead_id = False
        return messages

    @api.model
    def _by_key(self, communications):
        """:return: actions of the communications, in their order"""
        return self.env["creditbox.action"].browse(
            part.key for c in communications for part in c.case.parts
        )

    @api.model
    def _note(self, columns, rows):
        """Write what became of many actions by one statement.

        The ORM would ask for the reviews of each of them.

        :param columns: {name of a column of creditbox.action: its SQL type}
        :param rows: list of tuples: action id, then a value for each column
        """
        if not rows:
            return
        values = SQL(", ").join(
            SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row))
            for row in rows
        )
        names = [SQL.identifier(name) for name in columns]
        assignments = SQL(", ").join(
            SQL("%s = v.%s::%s", name, name, SQL(kind))
            for name, kind in zip(names, columns.values(), strict=True)
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_action a SET %s FROM (VALUES %s) AS v (id, %s)"
                " WHERE a.id = v.id",
                assignments,
                values,
                SQL(", ").join(names),
            )
        )
        actions = self.env["creditbox.action"].browse(row[0] for row in rows)
        actions.invalidate_recordset(list(columns))

    # ------------------------------------------------------------------
    # what every channel does
    # ------------------------------------------------------------------
    @api.model
    def _dispatch(self, actions):
        """Hand ``actions`` over; they are still due and their positions locked."""
        raise NotImplementedError

    @api.model
    def _recall(self, actions):
        """Take back from the queue what has not left; nothing queued: nothing."""

    @api.model
    def _take_back(self, actions):
        """Take back what was handed over, if it can still be stopped.

        :return: the actions that have not left after all
        """
        return actions.browse()

    @api.model
    def _recallable(self, actions):
        """:return: the actions that `_take_back` would take back"""
        return actions.browse()

    @api.model
    def _confirm_sent(self, actions):
        """The operator knows that they have left: close what waits in the queue."""

    @api.model
    def _send_again(self, actions):
        """The operator knows that they have not left: release them for sending."""
