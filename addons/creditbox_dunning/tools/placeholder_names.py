"""What the texts of communications may hold between {{ and }}."""
# pylint: disable=prefer-env-translation  # there is no environment yet

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# what a text may hold; BLOCKS stand in a paragraph of their own, not in subject or SMS
PLACEHOLDERS = {
    "customer_name": _lt("Name of the customer"),
    "customer_code": _lt("Customer code in the billing system"),
    "fiscal_code": _lt("Fiscal code or VAT number of the customer"),
    "service": _lt("Service (water, gas…)"),
    "supply": _lt("Code of the supply"),
    "supply_address": _lt("Address of the supply"),
    "amount": _lt("Amount due for the bills of this communication"),
    "amount_other": _lt("Amount of the other overdue bills"),
    "amount_total": _lt("All that is overdue on the supply"),
    "bill_count": _lt("Number of bills of this communication"),
    "bill_numbers": _lt("Numbers of the bills, separated by commas"),
    "oldest_due_date": _lt("Oldest due date of these bills"),
    "payment_code": _lt("Payment codes of the bills, separated by commas"),
    "deadline": _lt("Last day to pay: day of sending plus the days to pay"),
    "instalment_deadline": _lt("Last day to ask for instalments: 5 days before that"),
    "action_date": _lt("First day after the last day to pay"),
    "formal_notice_date": _lt("Day after which the formal notice may start (water)"),
    "today": _lt("Day of sending"),
    "reference": _lt("Reference to quote"),
    "company_name": _lt("Name of the company"),
    "company_address": _lt("Address of the company"),
    "company_vat": _lt("VAT number of the company"),
    "company_phone": _lt("Telephone of the company"),
    "company_email": _lt("E-mail of the company"),
    "company_website": _lt("Web site of the company"),
    "interest": _lt("Late interest on these bills, up to the day of sending"),
    "flat_sum": _lt("Flat sum for late payment, where the law grants it"),
    "fee": _lt("Costs of this communication, as its row charges them"),
    "charges": _lt("Costs and interest charged before, and still to pay"),
    "amount_with_charges": _lt("These bills with interest, flat sum and costs"),
    "total_with_charges": _lt("All that is to pay on the supply, with all these"),
    "bills": _lt("Table of the bills of this communication"),
    "bills_interest": _lt("The same table, with the late interest of each bill"),
    "other_bills": _lt("Table of the other overdue bills, if any"),
    "payment": _lt("How to pay: payment codes, as QR in letters"),
}
BLOCKS = {"bills", "bills_interest", "other_bills", "payment"}
# what is only worked out for the texts that ask for it
CHARGES = {
    "interest",
    "flat_sum",
    "fee",
    "charges",
    "amount_with_charges",
    "total_with_charges",
    "bills_interest",
}
BLOCK_NAMES = tuple(sorted(BLOCKS, key=len, reverse=True))
