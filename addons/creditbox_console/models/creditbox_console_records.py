"""One click from a figure of the console to the records behind it."""

from odoo import api, models
from odoo.fields import Domain


class CreditboxConsole(models.AbstractModel):
    _inherit = "creditbox.console"

    @api.model
    def open_due_dates(self, params, partner_id=False):
        """:return: action with the due dates behind the figures"""
        companies, _left_out = self._companies()
        snapshots = self._snapshots(params, companies)
        name = "snapshot_line" if snapshots else "console_line"
        action = self._action(f"creditbox_console.creditbox_{name}_action")
        domain = self._lines(companies, snapshots)[1] & self._domain(params, snapshots)
        if partner_id:
            domain &= Domain("partner_id", "=", partner_id)
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def open_entries(self, params, partner_id=False):
        """:return: action with the entries in the accounts behind the figures"""
        companies, _left_out = self._companies()
        snapshots = self._snapshots(params, companies)
        field = "snapshot_line_ids" if snapshots else "console_line_ids"
        domain = self._lines(companies, snapshots)[1] & self._domain(params, snapshots)
        if partner_id:
            domain &= Domain("partner_id", "=", partner_id)
        action = self._action("account.action_account_moves_all")
        return dict(
            action,
            domain=[(f"creditbox_{field}", "any", list(domain))],
            context={"create": False},
        )

    @api.model
    def open_positions(self, params, partner_id=False):
        """:return: action with the positions of the customer, or behind the figures"""
        companies, _left_out = self._companies()
        domain = Domain("company_id", "in", companies.ids)
        if partner_id:
            domain &= Domain("partner_id", "=", partner_id)
        action = self._action("creditbox_base.creditbox_position_action")
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(name)
