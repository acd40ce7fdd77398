from datetime import timedelta

from odoo import models

SHOWN_SUPPLIES = 3  # that a text names, of a communication about many


class CreditboxCommunication(models.AbstractModel):
    """What the placeholders stand for, and the headings of the tables."""

    _inherit = "creditbox.communication"

    def _company_values(self, company):
        partner = company.partner_id
        town = " ".join(filter(None, (partner.zip, partner.city)))
        if partner.state_id:
            town = f"{town} ({partner.state_id.code})"
        return {
            "company_name": company.name,
            "company_address": ", ".join(filter(None, (partner.street, town))),
            "company_vat": (company.vat or "").removeprefix("IT"),
            "company_phone": company.phone or "",
            "company_email": company.email or "",
            "company_website": (company.website or "").split("://")[-1],
        }

    def _values(self, communication):
        """Values of the placeholders that are no block, as plain text."""
        case, statement = communication.case, communication.statement
        date_, money = communication.formatter.date, communication.formatter.money
        return self._customer_values(communication.case.parts) | {
            "amount": money(statement.amount),
            "amount_other": money(statement.amount_other),
            "amount_total": money(statement.amount + statement.amount_other),
            "bill_count": str(len(statement.bills)),
            "bill_numbers": ", ".join(debt.number for debt in statement.bills),
            "oldest_due_date": date_(statement.oldest_due_date),
            "payment_code": ", ".join(statement.payment_codes),
            "deadline": date_(communication.deadline),
            "instalment_deadline": date_(communication.instalment_deadline),
            "action_date": date_(communication.deadline + timedelta(days=1)),
            "formal_notice_date": date_(communication.formal_notice_date),
            "today": date_(communication.today),
            "reference": case.reference,
            **self._charge_values(communication),
        }

    def _customer_values(self, cases):
        partner = cases[0].position.partner_id
        supplies = [case.position.supply_id for case in cases]
        services = [
            supply.service_type_id.with_env(self.env).name for supply in supplies
        ]
        return {
            "customer_name": partner.name or "",
            "customer_code": partner.creditbox_code or "",
            "fiscal_code": partner.creditbox_fiscal_code or partner.vat or "",
            "service": self._enumerate(services),
            "supply": self._enumerate(supply.code for supply in supplies),
            "supply_address": self._enumerate(
                (self._supply_address(supply) for supply in supplies), "; "
            ),
        }

    def _shorten(self, communication):
        """Say what an SMS about several supplies may say instead of its lists."""
        case, statement = communication.case, communication.statement
        first = statement.parts[0]
        communication.alone = self._customer_values([case]) | {
            "bill_numbers": ", ".join(debt.number for debt in first.bills),
            "payment_code": ", ".join(first.payment_codes),
        }
        communication.numbers = {
            "supply": self.env._("%s supplies", len(case.parts)),
            "supply_address": "",
            "bill_numbers": self.env._("%s bills", len(statement.bills)),
        }

    def _supply_address(self, supply):
        address = " ".join(filter(None, (supply.zip, supply.city)))
        return ", ".join(filter(None, (supply.street, address)))

    def _enumerate(self, texts, separator=", "):
        """:return: str, the first few of the different texts and how many more"""
        found = list(dict.fromkeys(filter(None, texts)))
        if len(found) <= SHOWN_SUPPLIES + 1:  # never «and 1 more»
            return separator.join(found)
        return self.env._(
            "%(text)s and %(count)s more",
            text=separator.join(found[:SHOWN_SUPPLIES]),
            count=len(found) - SHOWN_SUPPLIES,
        )

    def _headings(self, case):
        """:return: tuple of str, what stands above the bills of each supply, if several

        «Supply IT001E…, via Roma 1, 20100 Milano»
        """
        parts = case.parts if case.joined else ()
        return tuple(self._heading(part.position.supply_id) for part in parts)

    def _heading(self, supply):
        if not supply:
            return self.env._("Without a supply")
        name = self.env._("Supply %s", supply.code)
        return ", ".join(filter(None, (name, self._supply_address(supply))))

    def _labels(self):
        """:return: what the tables of bills are headed with"""
        return {
            "subtotal": self.env._("Subtotal"),
            "number": self.env._("Bill"),
            "date": self.env._("Issued on"),
            "due": self.env._("Due on"),
            "code": self.env._("Payment code"),
            "amount": self.env._("Amount"),
            "open": self.env._("To pay"),
            "total": self.env._("Total"),
            "others": self.env._("Other overdue bills"),
            "interest": self.env._("Late interest"),
            "with_interest": self.env._("With interest"),
        }
