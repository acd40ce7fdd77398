from odoo import api, fields, models


class CreditboxCover(models.Model):
    """Under which policy: the one that has its number."""

    _inherit = "creditbox.cover"

    policy_id = fields.Many2one(
        "creditbox.policy",
        string="Terms",
        compute="_compute_policy_id",
        help="The last terms of the policy with this number.",
    )

    @api.depends("policy", "provider_id", "company_id")
    def _compute_policy_id(self):
        policies = self.env["creditbox.policy"].search(
            [
                ("name", "in", self.mapped("policy")),
                ("company_id", "in", self.company_id.ids),
            ],
            order="date_from",
        )
        last = {(p.company_id, p.provider_id, p.name): p for p in policies}
        for cover in self:
            key = (cover.company_id, cover.provider_id, cover.policy)
            cover.policy_id = last.get(key)
