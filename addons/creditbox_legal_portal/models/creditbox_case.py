from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

HANDED = ("assigned", "accepted")


class CreditboxCase(models.Model):
    """Whose a case is on the portal.

    Portal users have no right on cases at all: controllers ask here which are theirs,
    by ``_case_own``, and then act as the system by the methods named ``_case_…``.
    """

    _inherit = "creditbox.case"

    declaration_ids = fields.One2many(
        "creditbox.case.declaration", "case_id", string="Declared collections"
    )
    amount_declared = fields.Monetary(
        string="Declared, to be booked", compute="_compute_amount_declared"
    )

    @api.depends("declaration_ids.state", "declaration_ids.amount")
    def _compute_amount_declared(self):
        amounts = dict(
            self.env["creditbox.case.declaration"]._read_group(
                [("case_id", "in", self.ids), ("state", "=", "declared")],
                ["case_id"],
                ["amount:sum"],
            )
        )
        for case in self:
            case.amount_declared = amounts.get(case._origin, 0)

    # -- whose -------------------------------------------------------------------

    @api.model
    def _case_provider(self, user):
        """:return: creditbox.provider of the user's firm, as the system"""
        user = user.sudo()  # the own firm
        return user.env["creditbox.provider"].search(
            [
                ("kind", "in", ("agency", "lawyer")),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    user.commercial_partner_id.id,
                ),
            ]
        )

    @api.model
    def _case_domain(self, user):
        """:return: Domain of the cases that the user's firm has now"""
        providers = self._case_provider(user)
        if not providers:
            return Domain.FALSE
        return (
            Domain("provider_id", "in", providers.ids)
            & Domain("state", "in", HANDED)
            & Domain("company_id", "in", user.sudo().company_ids.ids)
        )

    @api.model
    def _case_own(self, user, domain=(), **options):
        """:return: the cases that the user's firm has now, as the system"""
        return self.sudo().search(
            self._case_domain(user) & Domain(list(domain)), **options
        )

    # -- the office --------------------------------------------------------------

    def _case_office(self):
        """:return: res.users, who answers for the case in the office"""
        self.ensure_one()
        case = self.sudo()  # whoever is on the portal
        position = case.position_ids[:1]
        if position._may_answer(case.user_id):
            return case.user_id
        return position._who_answers(case.user_id) or self.env.ref("base.user_admin")

    def _case_ask_office(self, xmlid, summary=None):
        """Ask whoever is in charge of each case, once as long as it is not done.

        :param xmlid: of the mail.activity.type
        """
        kind = self.env.ref(xmlid)
        asked = self.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)
        open_ones = self.browse(asked.mapped("res_id"))
        for (user, company), cases in (
            (self - open_ones)
            .sudo()
            .grouped(lambda case: (case._case_office(), case.company_id))
            .items()
        ):
            cases.with_context(
                lang=user.lang, mail_activity_quick_update=True
            ).activity_schedule(
                xmlid,
                date_deadline=company._creditbox_today(),
                summary=summary or kind.with_context(lang=user.lang).name,
                user_id=user.id,
            )

    @api.model
    def _late_domain(self, company):
        """What was declared is booked or refused first: its fee is theirs."""
        waiting = [("state", "=", "declared")]
        domain = super()._late_domain(company)
        return [*domain, ("declaration_ids", "not any", waiting)]

    def action_close(self):
        """
        :raises UserError: something that was declared has no answer yet
        """
        waiting = self.declaration_ids.filtered(lambda d: d.state == "declared")
        if waiting:
            raise UserError(
                self.env._(
                    "Book or refuse first what was collected on %s, as declared on the"
                    " portal.",
                    waiting[0].case_id.name,
                )
            )
        return super().action_close()

    def action_open_declarations(self):
        """:return: window action of what was declared on these cases"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_legal_portal.creditbox_case_declaration_action"
        )
        return {**action, "domain": [("case_id", "in", self.ids)], "context": {}}

    def _message_add_suggested_recipients(self, force_primary_email=False):
        """Whoever has the case is written to first, never the debtor unasked."""
        suggested = super()._message_add_suggested_recipients(force_primary_email)
        for case in self.sudo():  # whoever writes
            values = suggested[case.id]
            values["partners"] -= case.partner_id
            values["partners"] |= case.provider_id.partner_id
        return suggested
