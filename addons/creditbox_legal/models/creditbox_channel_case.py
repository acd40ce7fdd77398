from odoo import api, models

from .creditbox_case import OPEN_STATES


class CreditboxChannelAgency(models.AbstractModel):
    """An action becomes a case: its bills leave the table until that is closed."""

    _name = "creditbox.channel.agency"
    _inherit = "creditbox.channel"
    _description = "Recovery Agency Channel"
    _kind = "agency"

    @api.model
    def _dispatch(self, actions):
        # done first: from then on the bills take no part
        actions._mark_done()
        for company, group in actions.grouped("company_id").items():
            positions = group.position_id.with_company(company)
            cases = self.env["creditbox.case"]._open(positions, self._kind)
            case_of = {}
            for case in cases.sudo():  # whoever runs the table
                case_of |= dict.fromkeys(case.line_ids.position_id.ids, case.id)
            rows = [(a.id, case_of.get(a.position_id.id)) for a in group]
            self._note({"case_id": "integer"}, rows)
        actions.case_id.invalidate_recordset(["action_ids"])

    @api.model
    def _take_back(self, actions):
        """:return: the actions whose case nobody has been given yet"""
        cases = actions.sudo().case_id.filtered(lambda c: c.state in OPEN_STATES)
        waiting = self._recallable(actions)
        reason = self.env._("The action that had opened it was taken back")
        # the bills have gone back already
        cases._close("recalled", reason)
        return waiting

    @api.model
    def _recallable(self, actions):
        return actions.filtered(lambda a: a.sudo().case_id.state in ("open", False))


class CreditboxChannelLitigation(models.AbstractModel):
    _name = "creditbox.channel.litigation"
    _inherit = "creditbox.channel.agency"
    _description = "Litigation Channel"
    _kind = "injunction"
