from odoo import models

from .creditbox_rule import CLASSIFICATION


class CreditboxRule(models.Model):
    """Whether a row could break the law, whatever the customers do."""

    _inherit = "creditbox.rule"

    def _audience(self):
        """:return: str, whom the row is for"""
        names = [self[column].name for column in CLASSIFICATION if self[column]]
        return ", ".join(names) or self.env._("all")

    def _legal_problems(self, law):
        """Return what could break ``law``.

        :param law: creditbox_chain.Law
        :return: list of str
        """
        self.ensure_one()
        service = self.service_type_id
        if self.code == "technical" and not self.legal_step:
            if service & law.steps.service_type_id:
                return [self.env._("acts on the meter and does not say its legal step")]
        if not (self.legal_step and service):
            return []
        return [
            *self._problems_of_channel(law.steps_of(service, self.legal_step)),
            *self._problems_of_debt(law.steps_of(service, self.legal_step)),
            *(
                problem
                for term in law.terms
                if self._is_bound(term)
                for problem in self._problems_of_term(term, law.day)
            ),
        ]

    def _problems_of_channel(self, steps):
        codes = {self.code, self.fallback_code} - {False}
        for step in steps:
            for code in sorted(codes):
                if not step._allows(code):
                    yield self.env._(
                        "channel «%(channel)s» is not allowed (%(act)s)",
                        channel=dict(
                            self._fields["code"]._description_selection(self.env)
                        )[code],
                        act=step._cited(),
                    )

    def _problems_of_debt(self, steps):
        """Measured by the company's band; a supply may have one of its own."""
        yearly = self.set_id.company_id.creditbox_subsidised_amount
        kind = self.customer_type_id
        for step in steps:
            limit = step.debt_multiple * yearly
            concerned = step._asks_debt_of(kind) or (step.debt_multiple and not kind)
            if concerned and self.amount_from <= limit and limit:
                yield self.env._(
                    "may come from a debt of %(amount)s, the law wants more than"
                    " %(limit)s, %(times)s times the subsidised band of a year"
                    " (%(act)s)",
                    amount=step._figure(self.amount_from),
                    limit=step._figure(limit),
                    times=f"{step.debt_multiple:g}",
                    act=step._cited(),
                )

    def _is_bound(self, term):
        """Whether a term of the law is for the step, and some customers, of the row."""
        types = term.customer_type_ids
        return (
            term.legal_step == self.legal_step
            and term.service_type_id == self.service_type_id
            and (
                not types or not self.customer_type_id or self.customer_type_id in types
            )
        )

    def _problems_of_term(self, term, day):
        """Compare the least days that the table leaves with those of the law."""
        needed = term._days_at_most(day)
        if term.event == "due":
            days = self._days_between(0)
            if days < needed:
                yield self._too_short(days, needed, term)
            return
        before = self._rows_before().filtered(
            lambda rule: rule.legal_step == term.event_step
        )
        if not before:
            yield self.env._(
                "no row does a step that must come before: %s", term.display_name
            )
        for rule in before:
            if term.event == "delivered" and rule.count_from != "delivery":
                yield self.env._(
                    "«%(row)s» counts from sending: %(term)s (%(act)s)",
                    row=rule.display_name,
                    term=term.display_name,
                    act=term._cited(),
                )
                continue
            days = rule.wait_after + self._days_between(rule.step)
            if term.event == "deadline":
                days -= max(rule._texts().mapped("deadline_days"), default=0)
            if days < needed:
                yield self._too_short(days, needed, term)

    def _too_short(self, days, needed, term):
        if days < 0:
            return self.env._(
                "may come %(days)s days before it: %(term)s (%(act)s)",
                days=-days,
                term=term.display_name,
                act=term._cited(),
            )
        return self.env._(
            "may come after %(days)s days, the law wants %(needed)s: %(term)s"
            " (%(act)s)",
            days=days,
            needed=needed,
            term=term.display_name,
            act=term._cited(),
        )

    def _rows_before(self):
        """Return the rows of earlier steps that fit a customer whom this row fits.

        The state of the meter changes on the way.
        """
        return self.set_id.rule_ids.filtered(
            lambda rule: (
                rule.step < self.step
                and all(
                    not rule[column] or not self[column] or rule[column] == self[column]
                    for column in CLASSIFICATION
                    if column != "meter_state_id"
                )
            )
        )

    def _days_between(self, step):
        """Return the least days between the end of a step's wait and this row.

        Steps in between count where all customers of this row must go through them.

        :param int step: the step before, 0: the due date
        """
        between = self._rows_before().filtered(lambda rule: rule.step > step)
        days = self.wait_before
        for rules in between.grouped("step").values():
            if any(rule._includes(self) for rule in rules):
                days += min(rule.wait_before + rule.wait_after for rule in rules)
        return days

    def _includes(self, other):
        """Whether this row fits all whom the other one fits."""
        return all(
            not self[column] or self[column] == other[column]
            for column in CLASSIFICATION
        )
