from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CreditboxPosition(models.Model):
    """The late interest of positions."""

    _inherit = "creditbox.position"

    def _require_supervisor(self):
        self.env["creditbox.charge"]._require("creditbox_base.group_supervisor")
        self.check_access("read")

    def _bill_lines(self, paid=False):
        """Return the receivable lines that may bear interest.

        :param paid: also bills that have been paid in the meantime
        :return: {line id: position id}
        """
        self.env["creditbox.position"]._flush_debts()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, position.id
                      FROM creditbox_position position
                      JOIN res_partner partner
                        ON partner.commercial_partner_id = position.partner_id
                      JOIN account_move_line line
                        ON line.partner_id = partner.id
                       AND line.company_id = position.company_id
                      JOIN account_move move ON move.id = line.move_id
                     WHERE position.id = ANY(%(positions)s)
                       AND line.account_id = ANY(%(accounts)s)
                       AND line.parent_state = 'posted'
                       AND line.balance > 0
                       AND line.payment_id IS NULL
                       AND (%(paid)s OR line.reconciled IS NOT TRUE)
                       AND move.creditbox_charge IS NULL
                       AND move.creditbox_supply_id
                           IS NOT DISTINCT FROM position.supply_id
                    """,
                    positions=self.ids,
                    accounts=self._receivable_accounts(self.company_id).ids,
                    paid=paid,
                )
            )
        )

    def _late_bills(self, until, paid=False, uncharged=True):
        """Return the interest of positions of one company.

        :return: {creditbox.position: list of creditbox_interest.LateBill}
        """
        positions = self._bill_lines(paid)
        bills = self.env["creditbox.interest"]._late_bills(
            self.company_id, list(positions), until, uncharged
        )
        tables = {}
        for bill in bills:
            if bill.rows or bill.flat:
                position = self.browse(positions[bill.line_id])
                tables.setdefault(position, []).append(bill)
        return tables

    def action_late_interest(self):
        """:return: window with the table of late interest"""
        self.ensure_one()
        return self.env["creditbox.interest.table"]._open(self)

    def action_charge_interest(self):
        """Charge the late interest of what is overdue, up to today.

        :return: notification with what was charged
        """
        self._require_supervisor()
        charges = self.env["creditbox.charge"]
        for company, positions in self.grouped("company_id").items():
            charges |= charges._charge_interest(
                positions, company._creditbox_today()
            )
        if not charges:
            raise UserError(self.env._("There is no late interest to charge."))
        return charges._notification()

    def action_open_charges(self):
        """:return: window action of the costs and interest charged"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_charge_action"
        )
        domain = [("position_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}
