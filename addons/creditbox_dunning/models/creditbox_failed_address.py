from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CreditboxFailedAddress(models.Model):
    """An address that has failed for good: it counts as no address.

    It is the value that has failed: a customer who gets another one is reached again.
    """

    _name = "creditbox.failed.address"
    _inherit = ["creditbox.guarded"]
    _description = "Address that Failed"
    _order = "date desc, id desc"
    _rec_name = "address"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="partner_id.company_id", store=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("email", "E-mail"),
            ("sms", "Mobile"),
            ("pec", "PEC"),
            ("postal", "Postal address"),
        ],
        required=True,
        readonly=True,
    )
    address = fields.Char(
        required=True,
        readonly=True,
        help="Lower-case e-mail, number in E.164, or postal address in capitals.",
    )
    reason = fields.Char(readonly=True, help="Answer of the server or of the gateway.")
    date = fields.Datetime(string="Failed on", required=True, readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    _address_uniq = models.UniqueIndex(
        "(partner_id, kind, address)", "This address is already there."
    )

    @api.model
    def _note(self, partner, kind, addresses, reason):
        """Remember that ``addresses`` of ``partner`` have failed for good.

        :param kind: code of the channel
        :param addresses: normalized addresses
        :param reason: str shown to the operator
        """
        self._note_many(kind, [(partner, address) for address in addresses], reason)

    @api.model
    def _note_many(self, kind, addresses, reason):
        """As `_note`, for many customers at once.

        :param addresses: list of (res.partner, normalized address)
        """
        unique = {(partner.id, address): partner for partner, address in addresses}
        if not unique:
            return
        now = fields.Datetime.now()
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, TRUE)",
                partner.id,
                partner.company_id.id or None,
                kind,
                address,
                reason,
                now,
            )
            for (_id, address), partner in unique.items()
        )
        # by one statement: two processes may learn it at the same time
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_failed_address AS f (
                    partner_id, company_id, kind, address, reason, date, active)
                VALUES %s
                ON CONFLICT (partner_id, kind, address) DO UPDATE
                   SET reason = EXCLUDED.reason, date = EXCLUDED.date, active = TRUE
                """,
                rows,
            )
        )
        self._forget_cache(self.env["res.partner"].union(*unique.values()))

    @api.model
    def _usable(self, partner, kind, addresses):
        """:return: list of those of ``addresses`` that have not failed"""
        failed = {
            record.address
            for record in partner.sudo().creditbox_failed_address_ids
            if record.kind == kind
        }
        return [address for address in addresses if address not in failed]

    @api.model
    def _sql_failed(self, kind):
        """SELECT (customer, address) of one kind: hashed once for all customers."""
        return SQL(
            "SELECT f.partner_id, f.address FROM creditbox_failed_address f"
            " WHERE f.active AND f.kind = %s",
            kind,
        )

    def action_works_again(self):
        """Use the addresses again: somebody has found out that they work."""
        self._require("creditbox_base.group_operator")
        self.env["creditbox.former"]._keep(self, ("active",), {"active": False})
        self.sudo().active = False
        self._actions_not_delivered().unreachable = False
        self._forget_cache(self.partner_id)

    def _actions_not_delivered(self):
        """The actions that these addresses have not let through, as the system."""
        by_address = Domain.OR(
            Domain("partner_id", "=", failed.partner_id.id)
            & failed._domain_written_to()
            for failed in self
        )
        actions = self.env["creditbox.action"].sudo()
        return actions.search(Domain("unreachable", "=", True) & by_address)

    def _domain_written_to(self):
        if self.kind == "postal":
            return Domain("postal_address", "=", self.address)
        return Domain("code", "=", self.kind) & Domain(
            "recipient", "ilike", self.address
        )

    def _forget_cache(self, partners):
        self.invalidate_model()
        partners.invalidate_recordset(
            ["creditbox_failed_address_ids", "creditbox_warnings"]
        )
