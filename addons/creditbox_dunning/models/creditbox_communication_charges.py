from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.placeholder import Nil
from ..tools.placeholder_names import CHARGES
from ..tools.statement import Surcharge


class CreditboxCommunication(models.AbstractModel):
    """Late interest and costs, for the texts that speak of them.

    The figures are those of the interest sheet, and of the charges that arise when the
    action has left: the same methods tell them. As many queries for a thousand cases
    as for one, and none for texts that do not ask.
    """

    _inherit = "creditbox.communication"

    def _add_surcharges(self, cases, statements):
        """Put into the statements what their texts ask beside the bills.

        :param statements: {key: Statement} of the cases and of their parts, changed
        """
        groups = {}
        for part in (part for case in self._asking(cases) for part in case.parts):
            groups.setdefault(part.company, []).append(part)
        for company, parts in groups.items():
            for part, surcharge in self._surcharges(company, parts, statements):
                statements[part.key] = replace(
                    statements[part.key], surcharge=surcharge
                )

    def _asking(self, cases):
        """:return: list of the cases whose text speaks of interest or costs"""
        languages = self._languages(cases)
        asks = {}
        for template, lang in {(c.template, languages[c.key]) for c in cases}:
            texts = self.with_context(lang=lang)._texts(template)
            asks[template, lang] = not texts.names.isdisjoint(CHARGES)
        return [case for case in cases if asks[case.template, languages[case.key]]]

    def _surcharges(self, company, cases, statements):
        """Yield (case, Surcharge) for cases of one company."""
        today = company._creditbox_today()
        law = self.env["creditbox.chain"]._law(company, today)
        line_ids = [d.line_id for case in cases for d in statements[case.key].bills]
        late = self.env["creditbox.interest"]._late_bills(company, line_ids, today)
        late = {bill.line_id: bill for bill in late}
        charged = self._charged(cases)
        for case in cases:
            statement = statements[case.key]
            bills = [late[d.line_id] for d in statement.bills if d.line_id in late]
            interest, flat = self._permitted_interest(case.position, bills, law)
            earlier = charged.get(case.position.id, [])
            yield (
                case,
                Surcharge(
                    interest=interest,
                    flat=flat,
                    # reminding costs costs nothing: no bill is among the late ones
                    fee=self._fee(case, law) if bills else 0.0,
                    **self._still_open(company, case, statement, earlier),
                ),
            )

    def _fee(self, case, law, postage=None):
        charges = self.env["creditbox.charge"]
        return charges._fee_amount(case.action, law, postage) if case.action else 0.0

    def _permitted_interest(self, position, bills, law):
        """:return: (((line id, interest), …), flat sum), as far as they may be asked"""
        permit = law.costs._permit
        left, flat = (
            Decimal(str(permit(position, "interest", amount, amount, law.day)[0]))
            for amount in (
                float(sum(bill.interest for bill in bills)),
                float(sum(bill.flat for bill in bills)),
            )
        )
        interest = []
        for bill in bills:
            share = min(left, bill.interest)
            left -= share
            if share:
                interest.append((bill.line_id, float(share)))
        return tuple(interest), float(flat)

    # ------------------------------------------------------------------
    # what was charged before
    # ------------------------------------------------------------------
    def _charged(self, cases):
        """Costs and interest that were charged to the positions, and are open.

        :return: {position id: [(line id or None, due date or None, open amount)]};
            without a line: not booked yet
        """
        positions = self.env["creditbox.position"].browse(
            {case.position.id for case in cases}
        )
        accounts = positions._receivable_accounts(positions.company_id)
        charged = {}
        for position_id, *values in self.env.execute_query(
            SQL(
                """
                SELECT position.id, line.id, line.date_maturity, line.amount_residual
                  FROM creditbox_position position
                  JOIN res_partner partner
                    ON partner.commercial_partner_id = position.partner_id
                  JOIN account_move_line line
                    ON line.partner_id = partner.id
                   AND line.company_id = position.company_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE position.id = ANY(%(positions)s)
                   AND line.account_id = ANY(%(accounts)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE AND line.amount_residual > 0
                   AND move.creditbox_charge IS NOT NULL
                   AND move.creditbox_supply_id
                       IS NOT DISTINCT FROM position.supply_id
                 UNION ALL
                SELECT position_id, NULL, NULL, amount
                  FROM creditbox_charge
                 WHERE position_id = ANY(%(positions)s) AND state = 'pending'
                """,
                positions=positions.ids,
                accounts=accounts.ids,
            )
        ):
            charged.setdefault(position_id, []).append(values)
        return charged

    def _still_open(self, company, case, statement, charged):
        """Which of the charges are open, and which are in no overdue amount.

        One that is overdue but not in the statement is covered by a credit, or held.
        """
        overdue = {d.line_id: d.open_amount for d in statement.bills + statement.others}
        shown = young = 0.0
        for line_id, due, amount in charged:
            if line_id in overdue:
                shown += overdue[line_id]
            elif not due or due >= case.as_of:
                young += float(amount)
        round_ = company.currency_id.round
        return {"earlier": round_(shown + young), "young": round_(young)}

    # ------------------------------------------------------------------
    # what the texts say
    # ------------------------------------------------------------------
    def _charge_values(self, communication):
        """:return: {placeholder: str}, empty where the text does not ask"""
        statement = communication.statement
        surcharge = statement.surcharge
        if surcharge is None:
            return {}
        total = statement.amount + statement.amount_other + surcharge.young
        amounts = {
            "interest": surcharge.interest_total,
            "flat_sum": surcharge.flat,
            "fee": surcharge.fee,
            "charges": surcharge.earlier,
            "amount_with_charges": statement.amount + surcharge.new,
            "total_with_charges": total + surcharge.new,
        }
        currency = communication.case.company.currency_id
        values = {}
        for name, amount in amounts.items():
            text = communication.formatter.money(currency.round(amount))
            values[name] = Nil(text) if currency.is_zero(amount) else text
        return values

    def _name_postage(self, communication, law, postage):
        """Let a letter say what its own postage costs, once its pages are known."""
        statement = communication.statement
        fee = self._fee(communication.case, law, postage)
        surcharge = statement.surcharge._replace(fee=fee)
        communication.statement = replace(statement, surcharge=surcharge)
        communication.values |= self._charge_values(communication)
