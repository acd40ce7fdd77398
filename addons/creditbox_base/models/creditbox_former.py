from odoo import api, fields, models
from odoo.tools import SQL


class CreditboxFormer(models.Model):
    """What a record held until it was changed: the past can be read again.

    One row says «until ``date_to`` these columns of the record held these values». Of
    several rows the first that ended after a moment tells what held at it; without
    one, the record of today does. Written by ``_keep`` for the few columns on which
    reminders depend; read by ``creditbox.past``.
    """

    _name = "creditbox.former"
    _description = "Former Values"
    _order = "date_to desc, id desc"
    _log_access = False

    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(string="Record", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade"
    )
    date_to = fields.Datetime(
        string="Held until",
        required=True,
        readonly=True,
        help="When the transaction that changed it began.",
    )
    data = fields.Json(string="Values", required=True, readonly=True)

    _moment_idx = models.Index("(model, date_to, res_id)")

    @api.model
    def _keep(self, records, columns, vals, where=None):
        """Remember the columns that are about to change, before ``write(vals)``.

        :param columns: names of stored fields; all of them are kept if one changes
        :param where: SQL condition on the row ``t`` of those that matter
        """
        changing = [name for name in columns if name in vals]
        if not changing or not records.ids:
            return
        if records.env.context.get("creditbox_former_kept"):
            return
        records.flush_recordset(columns)
        new = records.browse()
        self._insert(
            records,
            SQL("jsonb_build_object(%s)", self._sql_pairs(columns)),
            SQL(
                "(%s) AND %s",
                SQL(" OR ").join(
                    SQL(
                        "t.%s IS DISTINCT FROM %s",
                        SQL.identifier(name),
                        records._fields[name].convert_to_column(vals[name], new),
                    )
                    for name in changing
                ),
                where or SQL("TRUE"),
            ),
        )

    @api.model
    def _keep_all(self, records, columns, where=None):
        """Remember the columns of many records, each of which will get other values.

        Whoever writes them says so by ``creditbox_former_kept`` in the context.

        :param where: see _keep
        """
        if records.ids:
            records.flush_recordset(columns)
            data = SQL("jsonb_build_object(%s)", self._sql_pairs(columns))
            self._insert(records, data, where or SQL("TRUE"))

    @api.model
    def _keep_whole(self, records):
        """Remember all of the records, before they are changed or deleted."""
        if records.ids:
            records.flush_recordset()
            self._insert(records, SQL("to_jsonb(t)"), SQL("TRUE"))

    @api.model
    def _forget(self, records):
        """Drop all that was kept of records that are deleted."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM creditbox_former WHERE model = %s AND res_id = ANY(%s)",
                records._name,
                records.ids,
            )
        )

    def _sql_pairs(self, columns):
        return SQL(", ").join(
            SQL("%s, t.%s", name, SQL.identifier(name)) for name in columns
        )

    def _insert(self, records, data, condition):
        """What the same transaction has made was never seen by others: not kept."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_former (model, res_id, company_id, date_to, data)
                SELECT %(model)s, t.id, t.company_id, %(now)s, %(data)s
                  FROM %(table)s t
                 WHERE t.id = ANY(%(ids)s) AND %(condition)s AND %(seen)s
                """,
                model=records._name,
                now=self.env.cr.now(),
                data=data,
                table=SQL.identifier(records._table),
                ids=records.ids,
                condition=condition,
                seen=SQL("COALESCE(t.create_date < %s, TRUE)", self.env.cr.now())
                if records._log_access
                else SQL("TRUE"),
            )
        )
