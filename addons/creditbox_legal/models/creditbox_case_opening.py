from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from .creditbox_case import OPEN_STATES

EXCLUSION = {"agency": "agency"}  # every other kind: litigation


class CreditboxCase(models.Model):
    """How a case begins: all that is overdue on a customer's positions goes into it."""

    _inherit = "creditbox.case"

    @api.model
    def _open(self, positions, kind, user=None):
        """Open a case a customer with what is overdue on these positions.

        In the transaction, positions locked. What nobody else may touch any more is
        excluded from the action table, and what was about to leave is stopped.

        :param positions: creditbox.position; those with nothing due are left out
        :param kind: key of KINDS
        :return: creditbox.case
        """
        if not positions:
            return self.browse()
        self.env["creditbox.evaluation"]._lock_positions(positions)
        last_match = self._last_match()
        cases = self.browse()
        for company, group in positions.grouped("company_id").items():
            customers = self._by_customer(self._due_rows(company, group))
            numbers = self._numbers(company, len(customers))
            vals_list = [
                {
                    "name": number,
                    **self._case_values(company, partner, rows, kind, user, last_match),
                }
                for number, (partner, rows) in zip(
                    numbers, customers.items(), strict=True
                )
            ]
            # as the system: nobody has rights on what is kept
            cases |= self.sudo().create(vals_list).with_env(self.env)
        cases._exclude()
        return cases

    @api.model
    def _numbers(self, company, count):
        """Draw as many numbers as there are cases, by one statement.

        A sequence without gaps, or with one a year, gives them one by one.

        :return: list of str
        """
        sequences = self.env["ir.sequence"].sudo()  # whoever opens cases
        sequence = sequences.with_company(company).search(
            [
                ("code", "=", "creditbox.case"),
                ("company_id", "in", (company.id, False)),
            ],
            order="company_id",
            limit=1,
        )
        if sequence.use_date_range or sequence.implementation != "standard":
            return [sequence.next_by_id() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    def _last_match(self):
        rows = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile")
        )
        return rows[0][0]

    def _due_rows(self, company, positions):
        """:return: list of dicts, the open items of positions of one company"""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT o.line_id, o.partner_id, o.position_id, o.date_due, o.residual,
                       o.item_id
                  FROM (%s) o
                 WHERE o.amount_open > 0 AND o.position_id = ANY(%s)
                 ORDER BY o.date_due, o.line_id
                """,
                self.env["creditbox.evaluation"]._sql_open_items(
                    company, company._creditbox_today(), positions.partner_id
                ),
                positions.ids,
            )
        )

    def _by_customer(self, rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["partner_id"], []).append(row)
        return groups

    def _case_values(self, company, partner_id, rows, kind, user, last_match):
        today = company._creditbox_today()
        amount = float(sum(row["residual"] for row in rows))
        return {
            "kind": kind,
            "company_id": company.id,
            "partner_id": partner_id,
            "user_id": (user or self.env.user).id,
            "amount_handed": amount,
            "amount_due": amount,
            "value": amount,
            "date_open": today,
            "line_ids": [
                fields.Command.create(
                    {
                        "move_line_id": row["line_id"],
                        "position_id": row["position_id"],
                        "date_due": row["date_due"],
                        "amount_handed": float(row["residual"]),
                        "age": (today - row["date_due"]).days,
                        "last_match": last_match,
                    }
                )
                for row in rows
            ],
        }

    def _exclude(self):
        """Take the bills out of the action table; stop what was about to leave."""
        items = self.env["creditbox.item"]
        for exclusion, cases in self.grouped(lambda case: case._exclusion()).items():
            # read just now, under the lock: what is taken is the case's own
            items._exclude(
                cases.sudo().line_ids.move_line_id, exclusion, leave_taken=True
            )

    def _release(self):
        """Give the bills back to the action table."""
        items = self.env["creditbox.item"]
        for exclusion, cases in self.grouped(lambda case: case._exclusion()).items():
            lines = cases.sudo().line_ids.filtered("live")
            lines.live = False
            items._include(lines.move_line_id, exclusion)

    def _exclusion(self):
        return EXCLUSION.get(self.kind, "litigation")

    def action_add_bills(self):
        """Take in what has become overdue on the customer's positions since."""
        self._require("creditbox_base.group_operator")
        self.ensure_one()
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("The case is closed."))
        positions = self.position_ids
        self.env["creditbox.evaluation"]._lock_positions(positions)
        rows = self._due_rows(self.company_id, positions)
        if not rows:
            raise UserError(self.env._("Nothing else is overdue."))
        values = self._case_values(
            self.company_id, self.partner_id.id, rows, self.kind, None, 0
        )
        last_match = self._last_match()
        for command in values["line_ids"]:
            command[2]["last_match"] = last_match
        case = self.sudo()  # see the class
        case.write(
            {
                "line_ids": values["line_ids"],
                "amount_handed": case.amount_handed + values["amount_handed"],
                "amount_due": case.amount_due + values["amount_due"],
            }
        )
        self._exclude()
        self._message_log(
            body=self.env._(
                "%(count)s bills taken in: %(amount)s",
                count=len(rows),
                amount=format_amount(
                    self.env, values["amount_handed"], self.currency_id
                ),
            )
        )
