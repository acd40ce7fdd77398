from datetime import timedelta

from odoo import api, models
from odoo.tools import format_amount, format_date

TYPE_DECLARE = "creditbox_insurance.mail_activity_type_declare"
TYPE_CLAIM = "creditbox_insurance.mail_activity_type_claim"


class CreditboxPolicy(models.Model):
    """One activity a policy before terms run out, however many bills there are."""

    _inherit = "creditbox.policy"

    @api.model
    def _cron_remind(self):
        """Every day: what is to be declared soon or is late; what may be claimed."""
        active = self.search([("active", "=", True)])
        for company, policies in active.grouped("company_id").items():
            today = company._creditbox_today()
            policies._remind_to_declare(today)
            policies._remind_to_claim(today)

    def _remind_to_declare(self, today):
        bills = self.env["creditbox.insured.bill"]
        last = max(self.mapped("remind_days"))
        groups = {}
        for policy, deadline, count, amount in bills._read_group(
            [
                ("policy_id", "in", self.ids),
                ("date_deadline", "<=", today + timedelta(days=last)),
            ],
            ["policy_id", "date_deadline:day"],
            ["__count", "amount_insured:sum"],
        ):
            if deadline <= today + timedelta(days=policy.remind_days):
                groups.setdefault(policy, []).append((deadline, count, amount))
        for policy in self:
            policy._remind(TYPE_DECLARE, today, groups.get(policy, []))

    def _remind_to_claim(self, today):
        lines = self.env["creditbox.declaration.line"]
        groups = {}
        for policy, day, count, amount in lines._read_group(
            [
                ("policy_id", "in", self.ids),
                ("date_claimable", "<=", today),
                ("state", "=", "open"),
            ],
            ["policy_id", "date_claimable:day"],
            ["__count", "amount_insured:sum"],
        ):
            groups.setdefault(policy, []).append((day, count, amount))
        for policy in self:
            policy._remind(TYPE_CLAIM, today, groups.get(policy, []))

    def _remind(self, kind, today, rows):
        """Make the activity of a kind what the figures say, or take it away.

        :param rows: list of (day, number of bills, amount)
        """
        if not rows:
            self.activity_unlink([kind])
            return
        first = min(day for day, _count, _amount in rows)
        speaking = self.with_context(lang=self.user_id.lang or self.env.lang)
        summary = speaking._reminder_text(
            kind,
            first,
            sum(count for _day, count, _amount in rows),
            sum(amount for _day, _count, amount in rows),
        )
        deadline = min(first, today) if kind == TYPE_CLAIM else first
        known = self.activity_reschedule(
            [kind], date_deadline=deadline, new_user_id=self.user_id.id
        )
        if known:
            known.summary = summary
        else:
            self.activity_schedule(
                kind, deadline, summary=summary, user_id=self.user_id.id
            )

    def _reminder_text(self, kind, day, count, amount):
        values = {
            "count": count,
            "amount": format_amount(self.env, amount, self.currency_id),
            "day": format_date(self.env, day),
        }
        if kind == TYPE_CLAIM:
            return self.env._(
                "%(count)s declared bills may be claimed: %(amount)s", **values
            )
        return self.env._(
            "%(count)s bills to declare, the first by %(day)s: %(amount)s", **values
        )
