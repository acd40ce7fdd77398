from odoo import api, models

from .creditbox_writeoff import OPEN_STATES


class CreditboxChannelWriteoff(models.AbstractModel):
    """The action table asks for a write-off: the action is done once it has asked.

    Until the request has been decided its bills take no part in the table. Refused,
    they come back, and go on to the next row.
    """

    _name = "creditbox.channel.writeoff"
    _inherit = "creditbox.channel"
    _description = "Write-off Channel"

    @api.model
    def _dispatch(self, actions):
        actions._mark_done()
        lines = actions.sudo().line_ids.item_id.move_line_id  # as the system does
        for company, of_company in actions.grouped("company_id").items():
            reason = self._reason(company)
            self.env["creditbox.writeoff"]._ask(
                lines.filtered(lambda line, c=company: line.company_id == c),
                reason,
                of_company,
            )

    @api.model
    def _reason(self, company):
        """:return: creditbox.writeoff.reason of what the table asks for"""
        return (
            self.env["creditbox.writeoff.reason"]
            .sudo()  # a setting of the company
            .search(
                [
                    ("for_table", "=", True),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id, sequence",
                limit=1,
            )
        )

    @api.model
    def _is_available(self, company):
        return bool(self._reason(company))

    @api.model
    def _recallable(self, actions):
        return self._open_requests(actions).action_id

    @api.model
    def _take_back(self, actions):
        requests = self._open_requests(actions)
        stopped = requests.action_id
        requests._end("cancelled", self.env._("Taken back with its action"))
        return stopped

    def _open_requests(self, actions):
        return (
            self.env["creditbox.writeoff"]
            .sudo()  # whoever undoes actions
            .search([("action_id", "in", actions.ids), ("state", "in", OPEN_STATES)])
        )
