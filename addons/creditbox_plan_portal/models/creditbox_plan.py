from odoo import api, models
from odoo.exceptions import UserError

SHOWN = (
    *("to_approve", "proposed", "live", "late"),
    *("kept", "broken", "refused", "expired", "renegotiated"),
)
LONGEST = 24  # instalments that may be asked for without speaking to the office


class CreditboxPlan(models.Model):
    """What customers do with plans. They have no rights on them: each method is for
    customers that the caller has checked, and acts as the system.
    """

    _inherit = "creditbox.plan"

    @api.model
    def _portal_positions(self, customers, companies):
        """:return: positions of customers for which a plan may be asked"""
        positions = self.env["creditbox.position"].sudo()
        found = positions.search(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "in", companies.ids),
                ("amount_overdue", ">", 0),
            ]
        )
        return (found - found._in_live_plan()).filtered(lambda p: p._plan_lines())

    @api.model
    def _portal_usual(self, position):
        """:return: int, instalments that the customer has a right to"""
        company = position.company_id
        law = self._law(company, company._creditbox_today())
        return self._usual_count(law, position)

    @api.model
    def _portal_counts(self, position):
        """:return: list of the numbers of instalments to choose from"""
        usual = self._portal_usual(position)
        return list(range(min(usual, 2), max(usual, LONGEST) + 1))

    @api.model
    def _portal_ask(self, position, count, shorter, note):
        """A customer asks for a plan.

        :param position: one of _portal_positions
        :param count: number of instalments
        :param shorter: the customer wants fewer than the regulation grants
        :param note: what the customer writes to the office
        :return: creditbox.plan: waiting for the office, or granted at once
        :raises UserError: it cannot be granted like this
        """
        if count not in self._portal_counts(position):
            raise UserError(self.env._("Choose one of the numbers of instalments."))
        who = position._who_answers(position.user_id)
        plan = self.create(
            self._prepare(
                position,
                origin="portal",
                instalment_count=count,
                shorter_agreed=shorter,
                note=(note or "")[:1000] or False,
                user_id=who.id or self.env.ref("base.user_root").id,
            )
        )
        plan._check_terms_of_offer()
        plan._request()
        if plan._is_small():
            plan._propose()
        else:
            plan._portal_tell_office(who)
        return plan

    def _portal_tell_office(self, who):
        speaking = self.with_context(lang=who.lang or self.env.lang)
        speaking.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._creditbox_today(),
            summary=speaking.env._("Asked for on the customers' area"),
            note=self.note,
            user_id=self.user_id.id,
        )

    def _portal_accept(self, user):
        """The customer accepts: a second click does nothing.

        :param user: res.users who presses the button
        """
        for plan in self._take("proposed"):
            if plan.date_expiry < plan.company_id._creditbox_today():
                raise UserError(self.env._("The offer has expired."))
            plan._start(self.env._("Accepted on the customers' area by %s", user.name))
