from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_promise_ids = fields.One2many(
        "creditbox.promise", "partner_id", string="Promises"
    )

    def _creditbox_broken_promises(self, company):
        """How many promises these customers have not kept lately, where too many.

        :return: {res.partner: number}, of those whose next promise needs a supervisor
        """
        limit = company.creditbox_promise_broken_count
        if not limit:
            return {}
        groups = self.env["creditbox.promise"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("state", "=", "broken"),
                (
                    "date_valued",
                    ">=",
                    self.env["creditbox.promise"]._broken_since(company),
                ),
            ],
            ["partner_id"],
            ["__count"],
            having=[("__count", ">=", limit)],
        )
        return dict(groups)

    def _creditbox_open_page(self, company):
        """:return: action that opens the customer's page in the company"""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "creditbox_customer",
            "name": self.display_name,
            "params": {"partner_id": self.id, "company_id": company.id},
        }
