from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_debt_file_count = fields.Integer(
        string="Debt Files", compute="_compute_creditbox_debt_file_count"
    )

    def _compute_creditbox_debt_file_count(self):
        counts = dict(
            self.env["creditbox.debt.file"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.creditbox_debt_file_count = counts.get(partner._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_debt_files(self):
        """With what is kept of them on disk, which the database alone would leave."""
        files = self.env["creditbox.debt.file"].sudo()  # nobody may delete them
        files.search([("partner_id", "in", self.ids)]).unlink()

    def action_debt_file(self):
        """Make the debt files of customers, with the companies that are ticked.

        :return: window action of the files
        """
        positions = self.env["creditbox.position"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return self.env["creditbox.debt.file"]._ask(positions)

    def action_open_debt_files(self):
        """:return: window action of the files that are there"""
        action = self.env["creditbox.debt.file"]._window()
        return {**action, "domain": [("partner_id", "in", self.ids)]}
