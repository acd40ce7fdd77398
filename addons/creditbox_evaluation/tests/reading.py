"""The evaluation as docs/user-guide.md defines it, in plain Python, apart from the SQL.

Money is Fraction: nothing is rounded before the end.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta


def rounded(value, places):
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return float(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def exact(amount):
    return Fraction(str(round(amount, 2)))


class Reading:
    """What the evaluation of a customer must be, from the ORM's records."""

    def __init__(self, customer, company, rule, today):
        self.company, self.rule, self.today = company, rule, today
        self.bills = customer.env["account.move"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("creditbox_charge", "=", False),
            ]
        )

    def lines(self, bill):
        return bill.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable" and line.balance > 0
            )
        )

    def counts(self, line):
        start = self.today - relativedelta(months=self.rule.months)
        return line.date_maturity < self.today and (
            line.date_maturity >= start or line.amount_residual > 0
        )

    def days(self, line, day):
        late = (day - line.date_maturity).days
        return late if late > self.rule.tolerance_days else 0

    def parts(self, bill):
        """Yield (open, amount, days) of what was paid and of what is unpaid."""
        for line in self.lines(bill).filtered(self.counts):
            if line.amount_residual > 0:
                open_amount = exact(line.amount_residual)
                yield open_amount, open_amount, self.days(line, self.today)
            for partial in line.matched_credit_ids:
                paid = partial.credit_move_id
                if paid.move_id.move_type != "out_refund":
                    yield 0, exact(partial.amount), self.days(line, paid.date)

    def figures(self):
        bills = [list(self.parts(bill)) for bill in self.bills]
        bills = [parts for parts in bills if parts]
        on_time = late = unpaid = 0
        for parts in bills:
            open_amount = sum(part[0] for part in parts)
            days = max(part[2] for part in parts)
            if open_amount and days:
                unpaid += 1
            elif not open_amount and days:
                late += 1
            elif not open_amount:
                on_time += 1
        everything = [part for parts in bills for part in parts]
        amount = sum((part[1] for part in everything), Fraction(0))
        amount_days = sum((part[1] * part[2] for part in everything), Fraction(0))
        overdue = sum((Fraction(part[0]) for part in everything), Fraction(0))
        dues = [
            line.date_maturity
            for bill in self.bills
            for line in self.lines(bill)
            if line.date_maturity < self.today
        ]
        age = relativedelta(self.today, min(dues)) if dues else relativedelta()
        self.sums = (on_time, amount, amount_days, overdue)
        return {
            "bill_count": on_time + late + unpaid,
            "on_time_count": on_time,
            "late_count": late,
            "unpaid_count": unpaid,
            "worst_days": max((part[2] for part in everything), default=0),
            "amount_due": float(amount),
            "amount_overdue": float(overdue),
            "mean_days": rounded(amount_days / amount, 1) if amount else 0.0,
            "share_overdue": rounded(100 * overdue / amount, 1) if amount else 0.0,
            "history_months": age.years * 12 + age.months,
        }

    def verdict(self, returned=0):
        """:return: dict of figures, state, reason and score"""
        found = self.figures()
        rule = self.rule
        if not found["bill_count"]:
            reason = "none"
        elif found["bill_count"] < rule.min_bills:
            reason = "few"
        elif found["history_months"] < rule.min_months:
            reason = "short"
        else:
            reason = False
        found["reason"] = reason
        found["state"] = "unrated" if reason else "rated"
        found["score"] = 0 if reason else self.score(found, returned)
        return found

    def score(self, found, returned):
        on_time, amount, amount_days, overdue = self.sums
        rule = self.rule

        def falling(value, zero):
            return max(1 - Fraction(value) / zero, Fraction(0))

        shares = (
            (rule.weight_punctuality, Fraction(on_time, found["bill_count"])),
            (rule.weight_delay, falling(amount_days / amount, rule.zero_delay)),
            (rule.weight_overdue, falling(100 * overdue / amount, rule.zero_overdue)),
            (rule.weight_worst, falling(found["worst_days"], rule.zero_worst)),
            (rule.weight_returned, falling(returned, rule.zero_returned)),
        )
        total = sum(weight for weight, _share in shares)
        points = [rounded(100 * weight * share / total, 1) for weight, share in shares]
        return int(rounded(Fraction(str(round(sum(points), 1))), 0))
