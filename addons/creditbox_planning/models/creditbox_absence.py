from odoo import api, fields, models


class CreditboxAbsence(models.Model):
    """Days on which a crew does not work."""

    _name = "creditbox.absence"
    _description = "Absence of a Crew"
    _order = "date_from desc, id desc"
    _rec_name = "crew_id"

    crew_id = fields.Many2one(
        "fsm.person", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="crew_id.company_id", store=True, index=True, help="The crew's."
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Char(string="Reason")

    _dates_ordered = models.Constraint(
        "CHECK(date_from <= date_to)", "An absence must end after it begins."
    )

    @api.depends("date_from")
    def _compute_date_to(self):
        for absence in self:
            if not absence.date_to or absence.date_to < absence.date_from:
                absence.date_to = absence.date_from
