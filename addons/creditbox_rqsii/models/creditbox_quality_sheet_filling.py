from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .creditbox_quality_sheet import AUTHORITIES
from .creditbox_quality_sheet_line import COUNTS

DONE = ("done_in", "out_fm", "out_user", "out_operator")


class CreditboxQualitySheet(models.Model):
    """How a sheet is filled: a statement over the register, one over what was paid."""

    _inherit = "creditbox.quality.sheet"

    def _fill(self):
        self.ensure_one()
        clocks, indemnities = self._from_register(), self._from_indemnities()
        self.write(
            {
                "line_ids": [
                    Command.clear(),
                    *map(Command.create, self._lines(clocks, indemnities)),
                ],
                "state": "made",
                "made_at": fields.Datetime.now(),
            }
        )
        self.macro_ids = [Command.clear(), *map(Command.create, self._macros())]
        self.check_ids = [Command.clear(), *map(Command.create, self._checks())]

    def _standards(self):
        """:return: creditbox.quality.standard, what the sheet has lines for"""
        _first, last = self._days()
        model = self.env["creditbox.quality.standard"]
        all_ = model.search(
            [
                ("authority", "in", AUTHORITIES[self.service]),
                ("company_id", "in", [self.company_id.id, False]),
            ]
        )
        return model.union(
            *(
                model._best_of(versions, self.company_id, last)
                for versions in all_.grouped("code").values()
            )
        )

    # -- what the register says ----------------------------------------------------

    def _from_register(self):
        """:return: {(code, type of user): {field: figure}}"""
        first, last = self._days()
        begin, end = self._moments()
        self.env["creditbox.quality.clock"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT code, customer_type_id,
                       count(*) FILTER (WHERE start_at >= %(begin)s) AS received,
                       count(*) FILTER (WHERE
                           (date_stop IS NULL OR date_stop > %(last)s)
                           AND (cancel_at IS NULL OR cancel_at >= %(end)s)) AS pending,
                       count(*) FILTER (WHERE state = 'cancelled'
                           AND cancel_at >= %(begin)s AND cancel_at < %(end)s)
                           AS cancelled,
                       count(*) FILTER (WHERE done AND outcome = 'in') AS done_in,
                       count(*) FILTER (WHERE done AND outcome = 'out'
                           AND cause = 'fm') AS out_fm,
                       count(*) FILTER (WHERE done AND outcome = 'out'
                           AND cause = 'user_third') AS out_user,
                       count(*) FILTER (WHERE done AND outcome = 'out'
                           AND cause = 'operator') AS out_operator,
                       COALESCE(avg(counted) FILTER (WHERE done AND (outcome = 'in'
                           OR cause = 'operator')), 0)::float AS mean_time
                  FROM (
                    SELECT *, state = 'stopped'
                           AND date_stop BETWEEN %(first)s AND %(last)s AS done
                      FROM creditbox_quality_clock
                     WHERE company_id = %(company)s AND start_at < %(end)s
                       AND (date_stop IS NULL OR date_stop >= %(first)s)
                       AND (cancel_at IS NULL OR cancel_at >= %(begin)s)) c
                 GROUP BY code, customer_type_id
                """,
                company=self.company_id.id,
                first=first,
                last=last,
                begin=begin,
                end=end,
            )
        )
        return {(row.pop("code"), row.pop("customer_type_id")): row for row in rows}

    def _from_indemnities(self):
        """:return: {(code, type of user): {field: figure}}"""
        groups = self.env["creditbox.indemnity"]._read_group(
            self._paid_domain(), ["code", "customer_type_id"], ["__count", "amount:sum"]
        )
        return {
            (code, kind.id or None): {
                "indemnity_count": count,
                "indemnity_amount": amount,
            }
            for code, kind, count, amount in groups
        }

    def _from_figures(self, standard):
        """:return: dict of what the months of a standard say"""
        first, last = self._days()
        figures = self.env["creditbox.quality.figure"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("code", "=", standard.code),
                ("month", ">=", first),
                ("month", "<=", last),
            ]
        )
        kept = figures.filtered("kept")
        return {
            "done_in": len(kept),
            "out_operator": len(figures - kept),
            "mean_time": sum(figures.mapped("value")) / (len(figures) or 1),
        }

    def _paid_domain(self):
        first, last = self._days()
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "paid"),
            ("date_paid", ">=", first),
            ("date_paid", "<=", last),
        ]

    # -- lines ---------------------------------------------------------------------

    def _lines(self, clocks, indemnities):
        """:return: list of dict, a line for each standard and type of user"""
        kinds = {}
        for code, kind in [*clocks, *indemnities]:
            kinds.setdefault(code, set()).add(kind)
        return [
            {
                "standard_id": standard.id,
                "code": standard.code,
                "sequence": standard.sequence,
                "limit_value": standard.limit_value,
                "customer_type_id": kind,
                **self._figures(standard, kind, clocks),
                **indemnities.get((standard.code, kind), {}),
            }
            for standard in self._standards()
            for kind in sorted(
                kinds.get(standard.basis_code or standard.code) or {None},
                key=lambda kind: kind or 0,
            )
        ]

    def _figures(self, standard, kind, clocks):
        if standard.measure == "months":
            return self._from_figures(standard)
        if standard.measure == "average":
            found = clocks.get((standard.basis_code, kind), {})
            return {"mean_time": found.get("mean_time", 0)}
        return clocks.get((standard.code, kind), {})

    # -- macro-indicators ----------------------------------------------------------

    def _macros(self):
        """:return: list of dict; only performances that are measured one by one"""
        lines = self.line_ids.filtered(
            lambda line: line.macro and line.standard_id.measure == "each"
        )
        before = self._year_before().macro_ids
        return [
            self._macro(macro, own, before.filtered(lambda m: m.macro == macro))  # noqa: B023
            for macro, own in sorted(lines.grouped("macro").items())
        ]

    def _year_before(self):
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("service", "=", self.service),
                ("year", "=", self.year - 1),
                ("quarter", "=", "0"),
                ("state", "!=", "draft"),
            ]
        )

    def _macro(self, macro, lines, before):
        _first, last = self._days()
        good, bad = sum(lines.mapped("done_in")), sum(lines.mapped("out_operator"))
        share = 100 * good / (good + bad) if good + bad else 0
        classes = self.env["creditbox.quality.class"]
        if good + bad:
            classes = classes._of_share(macro, share, last)
        goal = before.goal_next
        return {
            "macro": macro,
            "done_in": good,
            "done_out": bad,
            "share": share,
            "class_id": classes.id,
            "base_share": before.share,
            "goal": goal,
            "reached": ("yes" if share >= goal else "no") if goal else False,
            "goal_next": classes._goal(share) if classes else 0,
        }

    # -- checks --------------------------------------------------------------------

    def _checks(self):
        """Totals counted by the ORM, one figure at a time, and the flow of the period.

        :return: list of dict
        """
        lines = self.line_ids.filtered(lambda line: line.standard_id.measure == "each")
        total = {name: sum(lines.mapped(name)) for name in COUNTS}
        clock = self.env["creditbox.quality.clock"]
        codes = lines.mapped("code")
        ours = Domain("company_id", "=", self.company_id.id) & Domain(
            "code", "in", codes
        )
        first, last = self._days()
        begin, end = self._moments()
        done = ours & Domain("date_stop", ">=", first) & Domain("date_stop", "<=", last)
        earlier = (
            ours
            & Domain("start_at", "<", begin)
            & (Domain("date_stop", "=", False) | Domain("date_stop", ">=", first))
            & (Domain("cancel_at", "=", False) | Domain("cancel_at", ">=", begin))
        )
        received = Domain("start_at", ">=", begin) & Domain("start_at", "<", end)
        performed = sum(total[name] for name in DONE)
        breaches = Domain("outcome", "=", "out")
        paid = self.env["creditbox.indemnity"].search(
            Domain(self._paid_domain())
            & Domain("code", "in", self.line_ids.mapped("code"))
        )
        booked = paid.filtered("move_id")
        count = clock.search_count
        return [
            self._check(
                self.env._("Received"), total["received"], count(ours & received)
            ),
            self._check(self.env._("Done"), performed, count(done)),
            self._check(
                self.env._("Done out of time"),
                performed - total["done_in"],
                count(done & breaches),
            ),
            self._check(
                self.env._("Open before + received – done – withdrawn = not done yet"),
                total["pending"],
                count(earlier) + total["received"] - performed - total["cancelled"],
            ),
            self._check(
                self.env._("Breaches of the operator without an indemnity"),
                0,
                count(
                    done
                    & breaches
                    & Domain("cause", "=", "operator")
                    & Domain("kind", "=", "specific")
                    & Domain("partner_id", "!=", False)
                    & Domain("standard_id.base_amount", ">", 0)
                    & Domain("indemnity_ids", "=", False)
                ),
            ),
            self._check(
                self.env._("Indemnities paid (number)"),
                sum(self.line_ids.mapped("indemnity_count")),
                len(paid),
            ),
            self._check(
                self.env._("Indemnities paid (amount)"),
                sum(self.line_ids.mapped("indemnity_amount")),
                sum(paid.mapped("amount")),
            ),
            self._check(
                self.env._("Indemnities paid by credit notes, in the accounts"),
                sum(booked.mapped("amount")),
                sum(booked.move_id.mapped("amount_untaxed")),
            ),
        ]

    def _check(self, name, in_sheet, in_register):
        return {"name": name, "in_sheet": in_sheet, "in_register": in_register}
