from odoo import api, fields, models


class CreditboxRequestRule(models.Model):
    """Who works on which requests of a company; the first rule that fits holds."""

    _name = "creditbox.request.rule"
    _description = "Assignment Rule of Requests"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    procedure_ids = fields.Many2many(
        "creditbox.procedure", string="Procedures", help="None: all of them."
    )
    service_type_ids = fields.Many2many(
        "creditbox.service.type", string="Services", help="None: all of them."
    )
    area = fields.Char(
        help="Municipalities or beginnings of ZIP codes of the supply, with commas. "
        "Empty: everywhere."
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", string="Team", required=True, check_company=True
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Operators",
        help="Whoever has the fewest open requests gets the next one. None: the "
        "members of the team.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.model
    def _rule_of(self, ticket, rules):
        """:return: the first of the rules that fits the request, or none"""
        return next((rule for rule in rules if rule._fits(ticket)), self.browse())

    def _fits(self, ticket):
        self.ensure_one()
        service = ticket.creditbox_service_type_id
        return (
            self.company_id == ticket.company_id
            and (
                not self.procedure_ids
                or ticket.creditbox_procedure_id in self.procedure_ids
            )
            and (not self.service_type_ids or service in self.service_type_ids)
            and (not self.area or self._covers(ticket))
        )

    def _covers(self, ticket):
        supply = ticket.creditbox_supply_id
        place = ticket.creditbox_place or ""
        city, code = (supply.city or "").casefold(), supply.zip or ""
        for word in filter(None, map(str.strip, self.area.split(","))):
            if word.isdigit():
                if code.startswith(word):
                    return True
            elif word.casefold() == city or word.casefold() in place.casefold():
                return True
        return False

    def _candidates(self):
        """:return: res.users, active ones that may get a request"""
        return (self.user_ids or self.team_id.user_ids).filtered("active")
