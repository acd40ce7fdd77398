from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.share_out import Load, Unit, share_out


class CreditboxAssignment(models.Model):
    """Who would get what: nothing changes hands."""

    _inherit = "creditbox.assignment"

    def action_simulate(self):
        """Share the positions out on paper.

        :raises UserError: applied already; no portfolio or no operator
        """
        self.ensure_one()
        self._require("creditbox_base.group_supervisor")
        if self.state not in ("draft", "simulated"):
            raise UserError(self.env._("This assignment is over: make another."))
        self.sudo()._simulate()  # asked for above

    def _simulate(self):
        self._forget()
        portfolios = self._portfolios()
        self.env["creditbox.portfolio"]._place(self.company_id)
        rows = self._rows(portfolios)
        before = self._loads_now()
        loads = self._loads(portfolios, before, rows)
        chosen = self._choose(portfolios, rows, loads)
        self._keep_lines(rows, chosen)
        self._keep_loads(before, rows, chosen)
        self.write(
            {
                "state": "simulated",
                "date_simulated": fields.Datetime.now(),
                "position_count": len(rows),
                "moved_count": self.env["creditbox.assignment.line"].search_count(
                    [("assignment_id", "=", self.id)]
                ),
                "nobody_count": sum(
                    not row["user_id"] and row["partner_id"] not in chosen
                    for row in rows
                ),
            }
        )

    def _portfolios(self):
        portfolios = self.portfolio_ids or self.env["creditbox.portfolio"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if not portfolios:
            raise UserError(self.env._("There is no portfolio yet."))
        return portfolios.sorted(lambda p: (p.sequence, p.id))

    def _rows(self, portfolios):
        """:return: list of dicts, positions that may change hands"""
        scope = {
            "new": SQL("p.user_id IS NULL"),
            "rule": SQL("(p.user_id IS NULL OR p.user_by_rule)"),
            "all": SQL("TRUE"),
        }[self.scope]
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, p.partner_id, p.portfolio_id, p.user_id,
                       p.amount_overdue AS amount
                  FROM creditbox_position p
                 WHERE p.company_id = %s AND p.amount_overdue > 0
                   AND p.portfolio_id = ANY(%s) AND %s
                 ORDER BY p.amount_overdue DESC, p.id
                """,
                self.company_id.id,
                portfolios.ids,
                scope,
            )
        )

    def _loads_now(self):
        """:return: {user id: (positions, amount)}, overdue, of the company"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, COUNT(*), SUM(amount_overdue)
                  FROM creditbox_position
                 WHERE company_id = %s AND amount_overdue > 0
                   AND user_id IS NOT NULL
                 GROUP BY user_id
                """,
                self.company_id.id,
            )
        )
        return {user: (count, float(amount)) for user, count, amount in rows}

    def _loads(self, portfolios, before, rows):
        """:return: {user id: Load} of who is here, without what may change hands"""
        operators = self._operators(portfolios)
        if not operators:
            raise UserError(
                self.env._("No operator of these portfolios is here: see Operators.")
            )
        freed = defaultdict(lambda: [0, 0.0])
        for row in rows:
            freed[row["user_id"]][0] += 1
            freed[row["user_id"]][1] += float(row["amount"])
        loads = {}
        for operator in operators:
            user = operator.user_id.id
            count, amount = before.get(user, (0, 0.0))
            less, euro = freed[user]
            loads[user] = Load(user, operator.capacity, count - less, amount - euro)
        return loads

    def _operators(self, portfolios):
        operators = self.env["creditbox.operator"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if all(portfolio.operator_ids for portfolio in portfolios):
            operators &= portfolios.operator_ids
        return operators._present(self.company_id._creditbox_today())

    def _choose(self, portfolios, rows, loads):
        """:return: {customer id: user id}: a customer has one operator"""
        today = self.company_id._creditbox_today()
        units = self._units(rows)
        chosen = {}
        for portfolio in portfolios:
            own = portfolio.operator_ids
            users = own._present(today).user_id.ids if own else [*loads]
            chosen |= share_out(
                units.get(portfolio.id, ()),
                [loads[user] for user in users if user in loads],
                portfolio.balance,
            )
        return chosen

    def _units(self, rows):
        """Customers, in the portfolio of what they owe most on.

        :return: {portfolio id: list of Unit}
        """
        customers = {}
        for row in rows:  # the largest first
            customers.setdefault(row["partner_id"], []).append(row)
        kept = self._kept(customers, [row["id"] for row in rows])
        units = defaultdict(list)
        for partner, own in customers.items():
            units[own[0]["portfolio_id"]].append(
                Unit(
                    key=partner,
                    count=len(own),
                    amount=sum(float(row["amount"]) for row in own),
                    now=own[0]["user_id"],
                    kept=kept.get(partner),
                )
            )
        return units

    def _kept(self, customers, moving):
        """:return: {customer id: user id} of their positions that do not move"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (partner_id) partner_id, user_id
                      FROM creditbox_position
                     WHERE company_id = %s AND partner_id = ANY(%s)
                       AND user_id IS NOT NULL AND amount_overdue > 0
                       AND NOT id = ANY(%s)
                     ORDER BY partner_id, amount_overdue DESC, id
                    """,
                    self.company_id.id,
                    [*customers],
                    moving,
                )
            )
        )

    def _keep_lines(self, rows, chosen):
        """Write what changes hands, by one statement."""
        moved = [
            (row["id"], row["portfolio_id"], row["user_id"], user, row["amount"])
            for row in rows
            if (user := chosen.get(row["partner_id"])) and user != row["user_id"]
        ]
        if not moved:
            return
        positions, portfolios, before, after, amounts = map(
            list, zip(*moved, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO creditbox_assignment_line (
                    assignment_id, company_id, position_id, partner_id, portfolio_id,
                    user_from_id, user_to_id, amount, state)
                SELECT %(assignment)s, %(company)s, p.id, p.partner_id,
                       line.portfolio_id, line.user_from, line.user_to, line.amount,
                       'simulated'
                  FROM unnest(%(positions)s::int[], %(portfolios)s::int[],
                              %(before)s::int[], %(after)s::int[],
                              %(amounts)s::numeric[])
                       AS line (position_id, portfolio_id, user_from, user_to, amount)
                  JOIN creditbox_position p ON p.id = line.position_id
                """,
                assignment=self.id,
                company=self.company_id.id,
                positions=positions,
                portfolios=portfolios,
                before=before,
                after=after,
                amounts=amounts,
            )
        )
        self.env["creditbox.assignment.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _keep_loads(self, before, rows, chosen):
        after = {user: [*load] for user, load in before.items()}
        for row in rows:
            user = chosen.get(row["partner_id"])
            if not user or user == row["user_id"]:
                continue
            for who, sign in ((row["user_id"], -1), (user, 1)):
                if who:
                    load = after.setdefault(who, [0, 0.0])
                    load[0] += sign
                    load[1] += sign * float(row["amount"])
        self.env["creditbox.assignment.load"].create(
            [
                {
                    "assignment_id": self.id,
                    "user_id": user,
                    "count_before": before.get(user, (0, 0))[0],
                    "amount_before": before.get(user, (0, 0))[1],
                    "count_after": count,
                    "amount_after": amount,
                }
                for user, (count, amount) in after.items()
            ]
        )
