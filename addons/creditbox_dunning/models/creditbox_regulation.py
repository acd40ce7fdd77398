from odoo import api, fields, models
from odoo.fields import Domain

# the steps of a procedure against arrears, in the order of the law
LEGAL_STEPS = [
    ("reminder", "Friendly reminder"),
    ("notice", "Formal notice"),
    ("limitation", "Limitation of the supply"),
    ("suspension", "Suspension of the supply"),
    ("removal", "Removal or interruption"),
]


class CreditboxRegulation(models.Model):
    """An act that binds the procedure against arrears of a service.

    All acts in force hold together: a company adds stricter terms of its own (those of
    its area authority, or of its service charter) by a regulation of its own.
    """

    _name = "creditbox.regulation"
    _description = "Regulation of Arrears"
    _inherit = ["mail.thread"]
    _order = "service_type_id, date_from desc, id"

    name = fields.Char(required=True, tracking=True)
    service_type_id = fields.Many2one(
        "creditbox.service.type", index=True, tracking=True, help="Empty: any service."
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: holds for the whole group."
    )
    source = fields.Char(
        required=True, translate=True, help="Act, annex and article.", tracking=True
    )
    date_from = fields.Date(string="In force from", required=True, tracking=True)
    date_to = fields.Date(string="In force until", tracking=True)
    note = fields.Text()
    active = fields.Boolean(default=True)
    step_ids = fields.One2many("creditbox.regulation.step", "regulation_id", copy=True)
    term_ids = fields.One2many("creditbox.regulation.term", "regulation_id", copy=True)
    prescription_ids = fields.One2many(
        "creditbox.regulation.prescription", "regulation_id", copy=True
    )
    cost_ids = fields.One2many("creditbox.regulation.cost", "regulation_id", copy=True)
    value_ids = fields.One2many(
        "creditbox.regulation.value", "regulation_id", copy=True
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A regulation cannot end before it begins.",
    )

    @api.model
    def _in_force(self, company, day):
        """Return the acts that bind ``company`` on a day.

        :param day: datetime.date
        """
        domain = (
            Domain("company_id", "in", [company.id, False])
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
        # what binds everybody is asked on behalf of whoever runs the table
        return self.sudo().search(domain)
