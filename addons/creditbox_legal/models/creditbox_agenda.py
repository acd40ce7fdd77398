from odoo import fields, models
from odoo.tools import SQL


class CreditboxAgenda(models.Model):
    """What is to be done in cases, day by day and operator by operator."""

    _name = "creditbox.agenda"
    _description = "Agenda of Cases"
    _auto = False
    _order = "date, id"
    _rec_name = "name"
    _depends = {
        "creditbox.case": ["partner_id"],
        "creditbox.case.activity": [
            "name",
            "case_id",
            "company_id",
            "user_id",
            "date",
            "hours",
            "state",
        ],
        "creditbox.case.term": [
            "name",
            "case_id",
            "company_id",
            "user_id",
            "date_due",
            "state",
        ],
    }

    kind = fields.Selection(
        [("activity", "Activity"), ("term", "Term")], string="Type", readonly=True
    )
    record_id = fields.Integer(readonly=True, aggregator=None)
    name = fields.Char(string="What", readonly=True)
    case_id = fields.Many2one("creditbox.case", readonly=True)
    case_kind = fields.Selection(related="case_id.kind", string="Kind of case")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Operator", readonly=True)
    date = fields.Date(readonly=True)
    hours = fields.Float(string="Work (hours)", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT a.id * 2 AS id, 'activity' AS kind, a.id AS record_id, a.name,
                   a.case_id, c.partner_id, a.company_id, a.user_id, a.date, a.hours
              FROM creditbox_case_activity a
              JOIN creditbox_case c ON c.id = a.case_id
             WHERE a.state = 'planned'
             UNION ALL
            SELECT t.id * 2 + 1, 'term', t.id, t.name, t.case_id, c.partner_id,
                   t.company_id, t.user_id, t.date_due, 0
              FROM creditbox_case_term t
              JOIN creditbox_case c ON c.id = t.case_id
             WHERE t.state = 'open'
            """
        )

    def action_open_case(self):
        """:return: window action of the case"""
        return self.case_id._window()

    def action_done(self):
        """Done, or met."""
        for kind, model in (
            ("activity", "creditbox.case.activity"),
            ("term", "creditbox.case.term"),
        ):
            ids = self.filtered(lambda row: row.kind == kind).mapped("record_id")  # noqa: B023
            records = self.env[model].browse(ids)
            records.action_done() if kind == "activity" else records.action_met()
        self.invalidate_model()
