from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_promise_ids = fields.One2many(
        "creditbox.promise", "partner_id", string="Promises"
    )
    creditbox_twin = fields.Boolean(
        string="Tax code of another customer too",
        compute="_compute_creditbox_twin",
        search="_search_creditbox_twin",
    )

    def _compute_creditbox_twin(self):
        twins = self.search([("id", "in", self.ids), ("creditbox_twin", "=", True)])
        for partner in self:
            partner.creditbox_twin = partner._origin in twins

    @api.model
    def _search_creditbox_twin(self, operator, value):
        """Customers of one company with the same tax code."""
        if operator != "in":
            return NotImplemented
        self.env["res.partner"].flush_model(["creditbox_fiscal_code", "company_id"])
        twins = SQL(
            """(
                SELECT twin.id
                  FROM res_partner AS twin
                  JOIN (
                    SELECT creditbox_fiscal_code AS code, company_id
                      FROM res_partner
                     WHERE creditbox_fiscal_code IS NOT NULL AND active
                       AND parent_id IS NULL
                     GROUP BY creditbox_fiscal_code, company_id
                    HAVING COUNT(*) > 1
                  ) AS same
                    ON same.code = twin.creditbox_fiscal_code
                   AND same.company_id IS NOT DISTINCT FROM twin.company_id
                 WHERE twin.parent_id IS NULL AND twin.active
            )"""
        )
        return Domain("id", "in" if True in value else "not in", twins)

    def _creditbox_broken_promises(self, company):
        """How many promises these customers have not kept lately, where too many.

        :return: {res.partner: number}, of those whose next promise needs a supervisor
        """
        limit = company.creditbox_promise_broken_count
        if not limit:
            return {}
        promises = self.env["creditbox.promise"]
        groups = promises._read_group(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("state", "=", "broken"),
                ("date_valued", ">=", promises._broken_since(company)),
            ],
            ["partner_id"],
            ["__count"],
            having=[("__count", ">=", limit)],
        )
        return dict(groups)

    def _creditbox_notebook(self, company):
        """Where notes and activities of a customer stand: seen by his company alone.

        :return: the customer, or its largest position if companies share the customer
        """
        self.ensure_one()
        if self.company_id == company:
            return self
        positions = self.env["creditbox.position"].search(
            [("partner_id", "=", self.id), ("company_id", "=", company.id)],
            order="amount_overdue desc, id",
            limit=1,
        )
        return positions or self

    def _creditbox_open_page(self, company):
        """:return: action that opens the customer's page in the company"""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "creditbox_desk.creditbox_customer_action"
        )
        params = {"partner_id": self.commercial_partner_id.id, "company_id": company.id}
        return {**action, "name": self.display_name, "params": params}

    def action_open_creditbox_page(self):
        """:return: action that opens the customer's page"""
        return self._creditbox_open_page(self.company_id or self.env.company)
