"""Who may have a plan, and how it must be: figures of regulations and settings."""

from datetime import timedelta
from math import ceil

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from .creditbox_plan import LIVE, PENDING


class CreditboxPlan(models.Model):
    _inherit = "creditbox.plan"

    @api.model
    def _law(self, company, day):
        return self.env["creditbox.chain"]._law(company, day)

    @api.model
    def _usual_count(self, law, position):
        """:return: int, instalments offered: the least that the regulation grants"""
        service = position.service_type_id
        months = law.figure("instalment_min_months", service)
        least = max(months, law.figure("instalment_min_count", service))
        return int(least) or position.company_id.sudo().creditbox_plan_count

    # -- by when it is asked for ---------------------------------------------------

    def _set_right(self):
        """Note by when it had to be asked for, and what became of earlier plans."""
        for company, plans in self.grouped("company_id").items():
            broken = plans._broken_counts(company)
            for plan in plans.sudo():
                plan.date_asked_by = plan._last_day_to_ask()
                plan.in_time = (
                    not plan.date_asked_by or plan.date_request <= plan.date_asked_by
                )
                plan.broken_before = broken.get(plan.partner_id, 0)

    def _last_day_to_ask(self):
        """The later of the two: before the last day named, or after the due date.

        :return: datetime.date, or False where no regulation names a day
        """
        law = self._law(self.company_id, self.date_request)
        days = []
        if before := law.figure("instalment_request_days", self.service_type_id):
            if named := self._last_day_named():
                days.append(named - timedelta(days=before))
        if after := law.figure("instalment_request_after_due", self.service_type_id):
            due = max(self.bill_ids.mapped("date_due"))
            days.append(due + timedelta(days=after))
        return max(days, default=False)

    def _last_day_named(self):
        """:return: the last day to pay that a formal notice of these bills has named"""
        items = self._items()
        notices = items.line_ids.filtered(
            lambda line: line.executed and line.rule_id.legal_step == "notice"
        ).action_id
        return max(filter(None, notices.mapped("date_deadline")), default=None)

    def _items(self):
        """:return: the bills' states in the action table, as the system"""
        return (
            self.env["creditbox.item"]
            .sudo()
            .search([("move_line_id", "in", self.bill_ids.move_line_id.ids)])
        )

    @api.model
    def _broken_since(self, company):
        months = company.sudo().creditbox_plan_broken_months
        return company._creditbox_today() - relativedelta(months=months)

    def _broken_counts(self, company):
        """:return: {customer: number of plans broken lately}"""
        groups = self.sudo()._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "=", company.id),
                ("state", "=", "broken"),
                ("date_end", ">=", self._broken_since(company)),
            ],
            ["partner_id"],
            ["__count"],
        )
        return dict(groups)

    # -- what is wrong with it -----------------------------------------------------

    def _compute_problems(self):
        for plan in self:
            found = plan._term_problems() if plan.state == "draft" else []
            plan.problems = found and Markup(
                "<ul class='mb-0'>%s</ul>"
            ) % Markup().join(Markup("<li>%s</li>") % text for text in found)

    def _term_problems(self):
        """:return: list of str, why it may not be asked for as it is"""
        self.ensure_one()
        law = self._law(self.company_id, self.date_request)
        checks = (
            self._problem_of_sum,
            self._problem_of_length,
            self._problem_of_amount,
            self._problem_of_interest,
            self._problem_of_others,
            self._problem_of_vat,
        )
        return [text for check in checks if (text := check(law))]

    def _problem_of_sum(self, law):
        instalments = sum(self.line_ids.mapped("capital"))
        if self.currency_id.compare_amounts(instalments, self.amount):
            return self.env._(
                "The instalments add up to %(sum)s instead of %(amount)s.",
                sum=self.currency_id.format(instalments),
                amount=self.currency_id.format(self.amount),
            )
        days = self.line_ids.mapped("date_due")
        if days and min(days) < self.date_request:
            return self.env._("The first instalment is due before the plan is asked.")
        return None

    def _problem_of_length(self, law):
        if self.kind == "condominium":
            return self._problem_of_condominium(law)
        service = self.service_type_id
        count = len(self.line_ids)
        months = law.figure("instalment_min_months", service)
        least = law.figure("instalment_min_count", service)
        if self.shorter_agreed:
            return None
        if count * int(self.frequency) < months:
            return self.env._(
                "%(service)s: a plan lasts %(months)d months at least, unless the "
                "customer wants it shorter.",
                service=service.name,
                months=months,
            )
        if count < least:
            return self.env._(
                "%(service)s: a plan has %(count)d instalments at least, unless the "
                "customer wants fewer.",
                service=service.name,
                count=least,
            )
        return None

    def _problem_of_condominium(self, law):
        """Half of the debt at once, the balance within six months (REMSI)."""
        share = law.figure("condominium_share", self.service_type_id)
        months = law.figure("condominium_months", self.service_type_id)
        if not share:
            return self.env._("No regulation of this service knows condominiums.")
        first, last = self.line_ids[:1], self.line_ids[-1:]
        if first.capital * 100 < self.amount * share:
            least = self.currency_id.round(ceil(self.amount * share) / 100)
            return self.env._(
                "A condominium pays %(least)s at once, %(share)d%% of the debt.",
                least=self.currency_id.format(least),
                share=share,
            )
        until = first.date_due + relativedelta(months=int(months))
        if last.date_due > until:
            return self.env._(
                "A condominium pays the balance within %d months of the first payment.",
                months,
            )
        return None

    def _problem_of_amount(self, law):
        least = max(
            law.figure("instalment_min_amount", self.service_type_id),
            self.company_id.sudo().creditbox_plan_min_amount,
        )
        if self.amount < least:
            return self.env._(
                "A plan needs a debt of %s at least.", self.currency_id.format(least)
            )
        return None

    def _problem_of_interest(self, law):
        """Not above the reference rate, where a regulation says so."""
        capped = law.figure("instalment_interest_capped", self.service_type_id)
        rate = self.company_id._creditbox_reference_rate(self.date_request)
        if capped and self.interest_rate > rate + 1e-9:
            return self.env._(
                "Interest is at most the reference rate of the ECB: %s%%.", f"{rate:g}"
            )
        return None

    def _problem_of_others(self, law):
        other = self.sudo().search(
            [
                ("position_id", "=", self.position_id.id),
                ("state", "in", (*PENDING, *LIVE)),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if other:
            return self.env._(
                "There is a plan for this supply already: %s.", other.name
            )
        company = self.company_id.sudo()
        broken = self._broken_counts(company).get(self.partner_id, 0)
        if broken > company.creditbox_plan_broken_max and not self._user_may_overrule():
            return self.env._(
                "The customer has broken %(count)s plans in the last %(months)s "
                "months: the credit manager decides on another one.",
                count=broken,
                months=company.creditbox_plan_broken_months,
            )
        return None

    def _user_may_overrule(self):
        return self.env.su or self.env.user.has_group("creditbox_base.group_manager")

    def _problem_of_vat(self, law):
        """VAT that falls due with the payment would fall due with our entry."""
        # bookkeepers' data, for whoever asks for a plan
        taxes = self.bill_ids.sudo().move_id.invoice_line_ids.tax_ids
        if taxes.filtered(lambda tax: tax.tax_exigibility == "on_payment"):
            return self.env._(
                "The VAT of these bills falls due with their payment: a plan would "
                "move it. Agree on the dates by promises."
            )
        return None

    def _check_terms(self):
        """
        :raises UserError: a plan may not be asked for as it is
        """
        for plan in self:
            if problems := plan._term_problems():
                raise UserError("\n".join(problems))
