from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CreditboxSupply(models.Model):
    """Contracts that end, change hands or begin. Called by steps, as the system.

    What is owed stays with whoever had the contract: bills keep their customer.
    """

    _inherit = "creditbox.supply"

    creditbox_contract_ids = fields.One2many(
        "creditbox.supply.contract", "supply_id", string="Former Contracts"
    )
    creditbox_cadastral = fields.Char(
        string="Cadastral Data", tracking=True, help="Sheet, parcel, subaltern."
    )
    creditbox_debit_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Direct Debit on",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    creditbox_request_count = fields.Integer(compute="_compute_creditbox_request_count")

    def _compute_creditbox_request_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("creditbox_supply_id", "in", self.ids)],
                ["creditbox_supply_id"],
                ["__count"],
            )
        )
        for supply in self:
            supply.creditbox_request_count = counts.get(supply._origin, 0)

    def action_open_requests(self):
        """:return: window action of the requests about these supplies"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_frontoffice.creditbox_request_action"
        )
        return dict(
            action,
            domain=[("creditbox_supply_id", "in", self.ids)],
            context={
                "creditbox_request": True,
                "default_creditbox_supply_id": self[:1].id,
            },
        )

    def _runs(self, day):
        """:return: bool, whether the contract has not ended by a day"""
        self.ensure_one()
        return not self.date_end or self.date_end >= day

    def _end_contract(self, day, ticket):
        """The contract ends on a day, the last of it.

        :raises UserError: it has ended, or began later
        """
        self.ensure_one()
        if not self._runs(day):
            raise UserError(
                self.env._(
                    "The contract of %(supply)s ended on %(day)s.",
                    supply=self.code,
                    day=format_date(self.env, self.date_end),
                )
            )
        self._check_begun(day)
        self._keep_contract(day, ticket)
        self.write({"date_end": day, "creditbox_debit_bank_id": False})

    def _begin_contract(self, partner, day, ticket):
        """A supply without contract gets one.

        :raises UserError: somebody has a contract that runs
        """
        self.ensure_one()
        if self._runs(day):
            raise UserError(
                self.env._(
                    "%(customer)s has a contract on %(supply)s: transfer it instead.",
                    customer=self.partner_id.name,
                    supply=self.code,
                )
            )
        known = self.creditbox_contract_ids.filtered(
            lambda c: c.date_end == self.date_end
        )
        if not known:
            self._keep_contract(self.date_end, ticket)
        self._give(partner, day)

    def _transfer_contract(self, partner, day, ticket):
        """The running contract goes to another customer, from a day on.

        :raises UserError: there is none, or it is his already
        """
        self.ensure_one()
        if not self._runs(day):
            raise UserError(
                self.env._("No contract runs on %s: take it over instead.", self.code)
            )
        if partner == self.partner_id:
            raise UserError(
                self.env._("%s has the contract already.", partner.display_name)
            )
        self._check_begun(day)
        last = day - timedelta(days=1)
        if self.date_start:
            last = max(last, self.date_start)
        self._keep_contract(last, ticket)
        self._give(partner, day)

    def _check_begun(self, day):
        if self.date_start and day < self.date_start:
            raise UserError(
                self.env._(
                    "The contract of %(supply)s began on %(day)s.",
                    supply=self.code,
                    day=format_date(self.env, self.date_start),
                )
            )

    def _keep_contract(self, day, ticket):
        self.env["creditbox.supply.contract"].create(
            {
                "supply_id": self.id,
                "partner_id": self.partner_id.id,
                "date_start": self.date_start,
                "date_end": day,
                "ticket_id": ticket.id,
            }
        )

    def _give(self, partner, day):
        """Nothing of the former customer's stays: debit, protection, residence."""
        self.write(
            {
                "partner_id": partner.id,
                "date_start": day,
                "date_end": False,
                "creditbox_debit_bank_id": False,
                "protected_until": False,
                "protected_reason": False,
                "residential": False,
            }
        )

    def _set_meter_state(self, xmlid, note):
        """Bring the meter, if there is one, into a state of the typology."""
        meter = self.meter_id.with_context(creditbox_state_note=note)
        meter.meter_state_id = self.env.ref(xmlid)
