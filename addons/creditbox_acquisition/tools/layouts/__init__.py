"""The four standard layouts: their fields, and the headings they are known by."""

from .bills import BILLS
from .customers import CUSTOMERS
from .field import Field
from .payments import PAYMENTS
from .supplies import SUPPLIES

KINDS = ("customers", "supplies", "bills", "payments")
LAYOUTS = {
    "customers": CUSTOMERS,
    "supplies": SUPPLIES,
    "bills": BILLS,
    "payments": PAYMENTS,
}
# The column by which a row is known to the billing system.
KEYS = {
    "customers": "code",
    "supplies": "code",
    "bills": "number",
    "payments": "code",
}


def fields_of(kind):
    """dict name -> Field, in the order of the layout."""
    return {field.name: field for field in LAYOUTS[kind]}
