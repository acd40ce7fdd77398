"""Late interest of bills: what the accounts say, put into the tables of tools.interest.

The number of queries does not depend on how many bills there are.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.interest import Claim, Payment, cover, periods, total

# charges that take the time they are about: it is not asked for a second time
COUNTING = ("pending", "posted", "waived")


@dataclass(frozen=True)
class LateBill:
    """A receivable line with its table of interest."""

    line_id: int
    move_id: int
    number: str
    claim: Claim
    rule: object  # creditbox.interest.rule on the first day of the delay
    rows: tuple = ()
    flat: Decimal = Decimal(0)

    @property
    def interest(self):
        return total(self.rows)


class CreditboxInterest(models.AbstractModel):
    _name = "creditbox.interest"
    _description = "Late Interest of Bills"

    @api.model
    def _late_bills(self, company, line_ids, until, uncharged=True):
        """Return the interest of receivable lines of one company.

        Charges bear none (c.c. art. 1283), whoever asks.

        :param line_ids: ids of account.move.line
        :param until: datetime.date, last day of the interest
        :param uncharged: leave out the days that were charged already
        :return: list of :class:`LateBill`, oldest due date first, also those without
            interest
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._sql_bills(company, line_ids))
        ids = [row["id"] for row in rows]
        payments = self._payments(company, rows)
        charged = self._charged(ids) if uncharged else {}
        flats = self._flats(ids) if uncharged else set()
        kinds = {}
        bills = []
        for row in rows:
            rules, rates = self._kind(company, row, kinds)
            start = charged.get(row["id"])
            bills.append(
                self._late_bill(
                    row,
                    Claim(
                        _money(row["balance"]),
                        row["due"],
                        tuple(payments.get(row["id"], ())),
                        start and start + timedelta(days=1),
                    ),
                    (company, rules, rates, row["id"] in flats),
                    until,
                )
            )
        return bills

    def _late_bill(self, row, claim, terms, until):
        company, rules, rates, has_flat = terms
        rule = rules._in_force(claim.due + timedelta(days=1))
        bill = LateBill(row["id"], row["move_id"], row["number"], claim, rule)
        shown = periods(
            claim,
            until,
            rates,
            company.creditbox_interest_leap_years,
            Decimal(str(company.currency_id.rounding)),
        )
        # whatever was charged before
        late = shown or periods(claim._replace(start=None), until, rates)
        flat = _money(rule.flat_amount) if late and not has_flat else Decimal(0)
        return replace(bill, rows=shown, flat=flat)

    def _kind(self, company, row, known):
        """:return: (creditbox.interest.rule, rates) for the bill of a customer"""
        key = (row["service_type_id"], row["customer_type_id"])
        if key not in known:
            rules = self.env["creditbox.interest.rule"]._fitting(
                company,
                self.env["creditbox.service.type"].browse(key[0]),
                self.env["creditbox.customer.type"].browse(key[1]),
            )
            known[key] = (rules, rules._rates())
        return known[key]

    def _sql_bills(self, company, line_ids):
        return SQL(
            """
            SELECT line.id, line.move_id, line.balance,
                   COALESCE(line.date_maturity, line.date) AS due,
                   COALESCE(NULLIF(move.creditbox_ref, ''), move.name) AS number,
                   partner.commercial_partner_id AS partner_id,
                   supply.service_type_id, customer.creditbox_customer_type_id
                   AS customer_type_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_partner customer
                ON customer.id = partner.commercial_partner_id
              LEFT JOIN creditbox_supply supply ON supply.id = move.creditbox_supply_id
             WHERE line.id = ANY(%s) AND line.company_id = %s
               AND line.balance > 0 AND move.creditbox_charge IS NULL
             ORDER BY due, line.id
            """,
            list(line_ids),
            company.id,
        )

    # ------------------------------------------------------------------
    # what has been paid, and when
    # ------------------------------------------------------------------
    def _payments(self, company, rows):
        """:return: {line id: [Payment]}"""
        payments = self._covered(company, {row["partner_id"] for row in rows})
        ids = [row["id"] for row in rows]
        for line_id, day, amount in self.env.execute_query(self._sql_paid(ids)):
            payments.setdefault(line_id, []).append(
                Payment(day or date.min, _money(amount))
            )
        return payments

    def _sql_paid(self, line_ids):
        """SELECT (line, day, amount) of what is reconciled with the lines.

        What a credit note takes off was never owed: it has no day.
        """
        return SQL(
            """
            SELECT paid.debit_move_id,
                   CASE WHEN move.move_type <> 'out_refund' THEN credit.date END,
                   paid.amount
              FROM account_partial_reconcile paid
              JOIN account_move_line credit ON credit.id = paid.credit_move_id
              JOIN account_move move ON move.id = credit.move_id
             WHERE paid.debit_move_id = ANY(%s)
            """,
            list(line_ids),
        )

    def _covered(self, company, partner_ids):
        """What payments that name no bill cover, as the evaluation reads them.

        :return: {line id: [Payment]}
        """
        if not company.creditbox_use_credits or not partner_ids:
            return {}
        rows = self.env.execute_query_dict(
            self._sql_open(company, list(partner_ids))
        )
        covered = {}
        for partner_id in {row["partner_id"] for row in rows if row["residual"] < 0}:
            own = [row for row in rows if row["partner_id"] == partner_id]
            covered |= self._covered_of_customer(company, own)
        return covered

    def _covered_of_customer(self, company, rows):
        first = company.creditbox_allocation == "charges"
        debts = sorted(
            (row for row in rows if row["residual"] > 0 and row["takes_part"]),
            key=lambda row: (first and not row["charge"], row["due"], row["line_id"]),
        )
        money = [
            (row["day"], -_money(row["residual"]), row["supply_id"])
            for row in rows
            if row["residual"] < 0
        ]
        return cover(
            [
                (row["line_id"], _money(row["residual"]), row["supply_id"])
                for row in debts
            ],
            money,
        )

    def _sql_open(self, company, partner_ids):
        today = company._creditbox_today()
        return SQL(
            """
            SELECT l.line_id, l.partner_id, l.supply_id, l.residual,
                   l.date_maturity AS due,
                   CASE WHEN move.move_type = 'out_refund' THEN %(origin)s
                        ELSE line.date END AS day,
                   move.creditbox_charge IS NOT NULL AS charge,
                   l.held_until IS NULL AND l.exclusion IS NULL
                   AND l.date_maturity < %(today)s AS takes_part
              FROM (%(lines)s) l
              JOIN account_move_line line ON line.id = l.line_id
              JOIN account_move move ON move.id = l.move_id
             WHERE l.partner_id IN (
                   SELECT partner_id FROM creditbox_position
                    WHERE company_id = %(company)s AND amount_credit > 0)
            """,
            lines=self.env["creditbox.evaluation"]._sql_lines(
                company, today, partner_ids
            ),
            today=today,
            origin=date.min,
            company=company.id,
        )

    # ------------------------------------------------------------------
    # what has been charged
    # ------------------------------------------------------------------
    def _charged(self, line_ids):
        """:return: {line id: last day whose interest was charged, or waived}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT l.move_line_id, MAX(l.date_to)
                      FROM creditbox_charge_line l
                      JOIN creditbox_charge c ON c.id = l.charge_id
                     WHERE l.move_line_id = ANY(%s) AND c.kind = 'interest'
                       AND c.state IN %s
                     GROUP BY l.move_line_id
                    """,
                    list(line_ids),
                    COUNTING,
                )
            )
        )

    def _flats(self, line_ids):
        """:return: set of the lines whose flat sum was charged, or waived"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.move_line_id
                  FROM creditbox_charge_line l
                  JOIN creditbox_charge c ON c.id = l.charge_id
                 WHERE l.move_line_id = ANY(%s) AND c.kind = 'flat' AND c.state IN %s
                """,
                list(line_ids),
                COUNTING,
            )
        )
        return {line_id for (line_id,) in rows}


def _money(amount):
    """Decimal of an amount of the accounts, which Odoo reads as a float."""
    return Decimal(str(amount))
