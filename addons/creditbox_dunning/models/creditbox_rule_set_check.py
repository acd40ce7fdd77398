from math import inf

from markupsafe import Markup

from odoo import fields, models

from ..tools import table_check
from .creditbox_rule import CLASSIFICATION, WRITING_CODES

MOST_GROUPS = 5  # kinds of customers named in one line


class CreditboxRuleSet(models.Model):
    """Overlaps and holes of a table, in plain words, without looking at any bill."""

    _inherit = "creditbox.rule.set"

    check_report = fields.Text(
        compute="_compute_check_report",
        help="Rows that only the sequence tells apart, that can never be used or"
        " carried out, and customers or amounts for which no row is there.",
    )
    check_minimums = fields.Text(
        compute="_compute_check_report",
        help="Amounts under which bills wait, as the table wants it.",
    )

    def _compute_check_report(self):
        for table in self:
            problems, minimums = table._check_table()
            table.check_report = "\n".join(problems)
            table.check_minimums = "\n".join(minimums)

    def _log_reports(self):
        """Keep on the table what was known when it was published."""
        problems, _minimums = self._check_table()
        if problems:
            lines = Markup().join(Markup("<li>%s</li>") % line for line in problems)
            title = self.env._("Published with overlaps or holes:")
            self._message_log(body=Markup("<p>%s</p><ul>%s</ul>") % (title, lines))
        self._log_legal_report()

    def _check_table(self):
        """Return what is to be said about the table.

        :return: (list of str, faults perhaps; list of str, deliberate minimums)
        """
        self.ensure_one()
        findings = table_check.check(
            [rule._checked_row(n) for n, rule in enumerate(self.rule_ids)],
            self._universe(),
        )
        problems = [
            *(self._say_overlap(overlap) for overlap in findings.overlaps),
            *(self._say_shadowed(shadowed) for shadowed in findings.shadowed),
            *(
                self._say_hole(hole)
                for hole in findings.holes
                if hole.kind in ("gap", "above")
            ),
            *self._say_nobody(findings.nobody),
            *self._say_channels(),
        ]
        minimums = [
            self._say_hole(hole)
            for hole in findings.holes
            if hole.kind in ("below", "minimum")
        ]
        return problems, minimums

    def _universe(self):
        """:return: for each classification column all values, 0: none"""
        rule = self.env["creditbox.rule"]
        return [
            [*self.env[rule._fields[column].comodel_name].search([]).ids, 0]
            for column in CLASSIFICATION
        ]

    # ------------------------------------------------------------------
    # in plain words
    # ------------------------------------------------------------------
    def _say_overlap(self, overlap):
        first, second = (self._rules([place]) for place in overlap.key)
        if first.sequence == second.sequence:
            text = self.env._(
                "%(first)s and %(second)s fit the same customers (%(who)s)%(amounts)s"
                " and have the same sequence: the first goes because it was entered"
                " first",
                **self._pair_values(first, second, overlap),
            )
        else:
            text = self.env._(
                "%(first)s and %(second)s fit the same customers (%(who)s)%(amounts)s:"
                " only the sequence makes the first go",
                **self._pair_values(first, second, overlap),
            )
        return text

    def _pair_values(self, first, second, overlap):
        span = self._span(overlap.low, overlap.high)
        return {
            "first": first._quoted(),
            "second": second._quoted(),
            "who": (first | second)._common_audience(),
            "amounts": f", {span}" if span else "",
        }

    def _say_shadowed(self, shadowed):
        row = self._rules([shadowed.row])._quoted()
        if not shadowed.by:
            return self.env._(
                "%s can never be used: its minimum bill is not under its upper limit",
                row,
            )
        return self.env._(
            "%(row)s can never be used: others always go first: %(others)s",
            row=row,
            others=", ".join(rule._quoted() for rule in self._rules(shadowed.by)),
        )

    def _say_hole(self, hole):
        values = {
            "step": hole.step,
            "who": self._say_groups(hole),
            "span": self._span(hole.low, hole.high),
            "under": self._currency().format(hole.under if hole.under < inf else 0),
        }
        if hole.kind == "below":
            return self.env._(
                "Step %(step)s, %(who)s: who owes %(span)s finds no row; the bills wait"
                " until the debt grows",
                **values,
            )
        if hole.kind == "minimum":
            if not values["span"]:
                return self.env._(
                    "Step %(step)s, %(who)s: bills under %(under)s wait for ever",
                    **values,
                )
            return self.env._(
                "Step %(step)s, %(who)s, who owes %(span)s: bills under %(under)s wait"
                " for ever",
                **values,
            )
        return self.env._(
            "Step %(step)s, %(who)s: who owes %(span)s finds no row, the bills wait for"
            " ever",
            **values,
        )

    def _say_groups(self, hole):
        """Whom the step has rows for, but not for these amounts; the rows are named."""
        if hole.everybody:
            return self.env._("whoever the step is for")
        names = [
            self.env._(
                "%(who)s (%(rows)s)",
                who=rules._common_audience(),
                rows=", ".join(rule._quoted() for rule in rules),
            )
            for rules in map(self._rules, hole.groups[:MOST_GROUPS])
        ]
        more = len(hole.groups) - MOST_GROUPS
        if more > 0:
            names.append(self.env._("and %s more kinds of customers", more))
        return "; ".join(names)

    def _say_nobody(self, kinds):
        if kinds:
            yield self.env._(
                "No row of the table is for these customers: %s",
                "; ".join(map(self._say_kind, kinds)),
            )

    def _say_kind(self, kind):
        """:param kind: value of each classification column; None: any, 0: none"""
        rule = self.env["creditbox.rule"]
        names = []
        for column, value in zip(CLASSIFICATION, kind, strict=True):
            field = rule._fields[column]
            if value:
                names.append(self.env[field.comodel_name].browse(value).display_name)
            elif value == 0:
                label = field._description_string(self.env)
                names.append(self.env._("without «%s»", label))
        return ", ".join(names)

    def _say_channels(self):
        """Rows that end as exceptions: nothing carries them out."""
        company = self.company_id or self.env.company
        channels = self.env["creditbox.channel"]
        available = channels._available_codes(company)
        code_field = self.env["creditbox.rule"]._fields["code"]
        labels = dict(code_field._description_selection(self.env))
        stuck = self.rule_ids.filtered(
            lambda rule: (
                rule.code not in available and rule.fallback_code not in available
            )
        )
        lines = [
            self.env._(
                "%(company)s has no way to carry out «%(code)s», and these rows have no"
                " other channel: %(rows)s",
                company=company.name,
                code=labels[code],
                rows=", ".join(dict.fromkeys(rule._quoted() for rule in rules)),
            )
            for code, rules in stuck.grouped("code").items()
        ]
        return lines + self._say_fallbacks_without_text(company, labels)

    def _say_fallbacks_without_text(self, company, labels):
        """Rows whose other channel would find nothing to say."""
        rules = self.rule_ids.filtered(
            lambda rule: (
                rule.fallback_code in WRITING_CODES
                and not rule.template_id._serves(rule.fallback_code)
            )
        )
        alike = rules.grouped(
            lambda rule: (rule.fallback_code, rule.service_type_id, rule.legal_step)
        )
        return [
            self.env._(
                "There is no text for «%(code)s», the other channel of %(rows)s",
                rows=", ".join(dict.fromkeys(rule._quoted() for rule in same)),
                code=labels[code],
            )
            for (code, _service, _step), same in alike.items()
            if not same[:1]._template(code, company=company)
        ]

    def _span(self, low, high):
        """:return: str, a band of amounts; empty: all"""
        money = self._currency().format
        if not low and high == inf:
            return ""
        if not low:
            return self.env._("under %s", money(high))
        if high == inf:
            return self.env._("%s or more", money(low))
        return self.env._(
            "from %(low)s to under %(high)s", low=money(low), high=money(high)
        )

    def _currency(self):
        return (self.company_id or self.env.company).currency_id

    def _rules(self, places):
        """:param places: of rows in the table, which may not be saved yet"""
        return self.env["creditbox.rule"].union(*(self.rule_ids[n] for n in places))
