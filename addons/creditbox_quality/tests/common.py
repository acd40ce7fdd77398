from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from odoo.addons.creditbox_base.tests.common import CreditboxCommon

ZONE = ZoneInfo("Europe/Rome")
NOW = "2026-03-30 08:00:00"


def rome(text):
    """:return: naive UTC of a text in Rome's time"""
    local = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def day(text):
    return date.fromisoformat(text)


class QualityCommon(CreditboxCommon):
    """Customers of two companies, whose terms are measured in March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domestic = cls.env.ref("creditbox_base.customer_type_domestic")
        cls.customer = cls.make_customer(creditbox_customer_type_id=cls.domestic.id)
        cls.supply = cls.make_supply(cls.customer, "W1", city="Milano", zip="20121")
        cls.Clock = cls.env["creditbox.quality.clock"]
        cls.Indemnity = cls.env["creditbox.indemnity"]

    def start(self, code, moment, company=None, **options):
        options.setdefault("supply", self.supply)
        return self.Clock._start(code, company or self.company, rome(moment), **options)

    def run_to(self, code, start, stop, **options):
        """:return: creditbox.quality.clock that was started and stopped"""
        return self.start(code, start, **options)._stop(rome(stop))
