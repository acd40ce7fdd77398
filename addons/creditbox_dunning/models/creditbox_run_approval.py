from typing import NamedTuple

from odoo import fields, models


class Approval(NamedTuple):
    user: str
    moment: object  # datetime in UTC


class CreditboxRun(models.Model):
    """Who has approved a run: what its summary is signed with."""

    _inherit = "creditbox.run"

    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    date_approved = fields.Datetime(string="Approved on", readonly=True, copy=False)

    def _set_state(self, state):
        result = super()._set_state(state)
        if state == "approved":
            self.sudo().write(
                {
                    "approved_by_id": self.env.uid,
                    "date_approved": fields.Datetime.now(),
                }
            )
        return result

    def _approvals(self):
        """:return: list of Approval: of each authorisation level, then of the run"""
        levels = [
            Approval(review.done_by.name, review.reviewed_date)
            for review in self.review_ids.sorted("reviewed_date")
            if review.status == "approved"
        ]
        if self.date_approved:
            levels.append(Approval(self.approved_by_id.name, self.date_approved))
        return levels
