from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditboxProcedure(models.Model):
    """A kind of request: what it needs, its milestones, and what it brings about.

    Procedures are the group's; who works on them in a company is said by the
    assignment rules.
    """

    _name = "creditbox.procedure"
    _description = "Procedure"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    audience = fields.Selection(
        [("active", "Active Customers"), ("new", "New Customers")],
        string="For",
        required=True,
        default="active",
    )
    desk = fields.Selection(
        [("counter", "Counter"), ("back_office", "Back Office")],
        required=True,
        default="counter",
    )
    service_type_ids = fields.Many2many(
        "creditbox.service.type", string="Services", help="None: all of them."
    )
    topic_id = fields.Many2one("creditbox.topic", help="Proposed for new requests.")
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Default Team",
        help="Where no assignment rule says otherwise.",
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")],
        required=True,
        default="1",
    )
    effect = fields.Selection(
        selection="_effects",
        required=True,
        default="none",
        help="What the step marked for it does by itself.",
    )
    quotes = fields.Boolean(help="A quote is made for the customer.")
    quote_days = fields.Integer(string="Quotes Valid (Days)", default=90)
    complaint = fields.Boolean(help="Its answers have a minimum content.")
    portal = fields.Boolean(
        string="On the Portal", help="Customers may ask for it on the web."
    )
    milestone_ids = fields.One2many(
        "creditbox.procedure.milestone", "procedure_id", string="Milestones", copy=True
    )
    data_ids = fields.One2many(
        "creditbox.procedure.data", "procedure_id", string="Data", copy=True
    )
    document_ids = fields.One2many(
        "creditbox.procedure.document", "procedure_id", string="Documents", copy=True
    )
    description = fields.Text(translate=True, help="Shown to whoever takes a request.")

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already in use.")

    def _effects(self):
        """:return: selection; each key but «none» is a method ``_effect_<key>`` of
        requests; addons add theirs"""
        effects = {
            "none": self.env._("Nothing by itself"),
            "transfer": self.env._("Transfer of the contract to another customer"),
            "take_over": self.env._("New contract on a closed supply"),
            "new_supply": self.env._("New supplies"),
            "deactivation": self.env._("End of the contract"),
            "reactivation": self.env._("The meter is active again"),
            "reading": self.env._("Meter reading"),
            "payment": self.env._("Payment of the customer"),
            "master_data": self.env._("Change of the customer's data"),
            "direct_debit": self.env._("Direct debit"),
            "cadastral": self.env._("Cadastral data of the supply"),
            "reprint": self.env._("Copy of the bill"),
        }
        return list(effects.items())

    @api.constrains("milestone_ids")
    def _check_milestones(self):
        for procedure in self:
            codes = procedure.milestone_ids.mapped("code")
            if codes and codes[0] != "request":
                raise ValidationError(
                    self.env._(
                        "%s: the first milestone is the request.", procedure.name
                    )
                )
            if len(set(codes)) != len(codes):
                raise ValidationError(
                    self.env._("%s: a milestone comes twice.", procedure.name)
                )

    def copy_data(self, default=None):
        return [
            dict(vals, code=self.env._("%s-copy", procedure.code))
            for procedure, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_open_requests(self):
        """:return: window action of the requests of these procedures"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_frontoffice.creditbox_request_action"
        )
        return dict(action, domain=[("creditbox_procedure_id", "in", self.ids)])
