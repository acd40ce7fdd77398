from odoo import api, fields, models


class CreditboxRegulationDated(models.AbstractModel):
    """A figure or a duty of a regulation, with the dates between which it holds."""

    _name = "creditbox.regulation.dated"
    _description = "Dated Part of a Regulation"

    regulation_id = fields.Many2one(
        "creditbox.regulation", required=True, index=True, ondelete="cascade"
    )
    service_type_id = fields.Many2one(related="regulation_id.service_type_id")
    company_id = fields.Many2one(related="regulation_id.company_id", store=True)
    source = fields.Char(translate=True, help="Article; empty: that of the regulation.")
    note = fields.Char(translate=True)
    date_from = fields.Date(help="Empty: since the regulation.")
    date_to = fields.Date(help="Empty: as long as the regulation.")

    def _in_force(self, day):
        """:return: those that hold on a day, in the regulations of these"""
        return self.filtered(
            lambda part: (
                (not part.date_from or part.date_from <= day)
                and (not part.date_to or part.date_to >= day)
            )
        )

    def _cited(self):
        """:return: str, the act and the article"""
        self.ensure_one()
        return self.source or self.regulation_id.source

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        if not self.env.context.get("install_mode"):
            parts._log_change(self.env._("Added"))
        return parts

    def write(self, vals):
        """Say on the regulation what was changed, for whoever must prove it later."""
        res = super().write(vals)
        self._log_change(self.env._("Changed"))
        return res

    def unlink(self):
        self._log_change(self.env._("Deleted"))
        return super().unlink()

    def _log_change(self, what):
        for regulation, parts in self.grouped("regulation_id").items():
            names = ", ".join(parts.mapped("display_name"))
            regulation._message_log(body=f"{what}: {names}")
