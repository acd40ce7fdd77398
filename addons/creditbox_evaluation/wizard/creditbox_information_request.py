from odoo import api, fields, models
from odoo.exceptions import UserError

CUSTOMERS = 1000  # at once


class CreditboxInformationRequest(models.TransientModel):
    """Ask an information provider about customers."""

    _name = "creditbox.information.request"
    _description = "Ask an Information Provider"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Provider",
        required=True,
        domain="[('kind', '=', 'information'),"
        " ('company_id', 'in', [company_id, False])]",
        default=lambda self: self._default_provider_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(compute="_compute_price", help="At the provider's price.")

    def _default_company_id(self):
        chosen = self._chosen()
        return chosen.company_id[:1] or self.env.company

    def _default_provider_id(self):
        companies = [self._default_company_id().id, False]
        return self.env["creditbox.provider"].search(
            [("kind", "=", "information"), ("company_id", "in", companies)], limit=1
        )

    def _default_partner_ids(self):
        chosen = self._chosen()
        if chosen._name == "res.partner":
            return chosen.commercial_partner_id
        return chosen.partner_id

    def _chosen(self):
        """:return: the evaluations, positions or customers that were ticked"""
        model = self.env.context.get("active_model")
        if model not in ("creditbox.rating", "creditbox.position", "res.partner"):
            model = "res.partner"
        return self.env[model].browse(self.env.context.get("active_ids"))

    @api.depends("partner_ids", "provider_id")
    def _compute_price(self):
        for request in self:
            request.price = len(request.partner_ids) * request.provider_id.info_price

    def action_ask(self):
        """Queue the requests and show them.

        :raises UserError: a valid report of each customer is there
        """
        self.ensure_one()
        reports = self.env["creditbox.information.report"]
        reports._require("creditbox_base.group_operator")
        self.company_id.check_access("read")  # one of the user's own
        self.provider_id.check_access("read")
        self.partner_ids.check_access("read")
        if len(self.partner_ids) > CUSTOMERS:
            raise UserError(
                self.env._("Choose at most %s customers at once.", CUSTOMERS)
            )
        # reports are nobody's to write
        new = reports.sudo()._request(
            self.partner_ids, self.company_id, self.provider_id
        )
        if not new:
            raise UserError(
                self.env._(
                    "A report that is still valid, or a request under way, is there"
                    " already: nothing was asked."
                )
            )
        return new.sudo(False)._get_records_action(name=self.env._("Requests"))
