"""From parsed rows to records: one writer a kind."""

from .bills import BillWriter
from .customers import CustomerWriter
from .payments import PaymentWriter
from .supplies import SupplyWriter

WRITERS = {
    writer.kind: writer
    for writer in (CustomerWriter, SupplyWriter, BillWriter, PaymentWriter)
}
