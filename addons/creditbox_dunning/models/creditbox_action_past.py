from odoo import fields, models

from .creditbox_action import PENDING_STATES

# what an action counts for; former values are kept when it stops counting
STANDING = ("state", "date_done", "date_proof", "unreachable", "ended_at", "proof_at")


class CreditboxAction(models.Model):
    """When an action ended and was proved: for whoever reads the past.

    The dates of an action say when it happened; these say since when we know. A proof
    of the 3rd may come on the 12th: the run of the 10th had not seen it.
    """

    _inherit = "creditbox.action"

    ended_at = fields.Datetime(
        string="Ended at", readonly=True, help="No longer under way since."
    )
    proof_at = fields.Datetime(
        string="Proof known at", readonly=True, help="When the proof was recorded."
    )

    def write(self, vals):
        if "state" not in vals and "unreachable" not in vals:
            return super().write(vals)
        self._keep_standing(vals)
        vals = self._with_proof_moment(vals)
        ending = self.browse()
        if vals.get("state", "ready") not in PENDING_STATES:
            ending = self.filtered(lambda action: action.state in PENDING_STATES)
        if ending:
            now = self.env.cr.now()
            super(CreditboxAction, ending).write({**vals, "ended_at": now})
        return super(CreditboxAction, self - ending).write(vals)

    def _with_proof_moment(self, vals):
        if vals.get("date_proof"):
            return {**vals, "proof_at": self.env.cr.now()}
        return vals

    def _keep_standing(self, vals):
        """Remember what counted and is being changed: a failure, an undo, a revival.

        Handing over and proving leave their moments on the action itself: those are
        too many to be kept as former values.
        """
        state = vals.get("state")
        changed = self.filtered(
            lambda a: (
                a.state not in (*PENDING_STATES, "planned")
                and (a.state, state) != ("done", "delivered")
            )
        )
        self.env["creditbox.former"]._keep(changed, STANDING, vals)
