from lxml import html

from odoo.tests import freeze_time, tagged

from .common import TODAY, DunningCommon
from .smtp_server import smtp_server


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestChannelEmail(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.company.email = "credit@acque.example"
        cls.template.with_context(lang="it_IT").write(
            {"subject": "Bollette non pagate di {{ supply }}"}
        )

    def _execute(self):
        run = self._run()
        run.action_approve()
        run.action_ids._execute()
        return run.action_ids

    def _send(self):
        self.env["mail.mail"]._creditbox_process_queue()

    def _rows(self, message):
        """Cells of all tables of the message."""
        body = message.get_body(("html",)).get_content()
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
            for row in html.fromstring(body).iter("tr")
        ]

    def test_each_mail_to_its_customer_in_the_language(self):
        self.customer.lang = "it_IT"
        verdi = self._customer("Verdi", lang="en_US")
        supply = self._supply(verdi, "W2")
        first = self._bill(100, 40)
        second = self._bill(1250.5, 30)
        third = self._bill(70, 30, supply)
        with smtp_server(self.env) as inbox:
            actions = self._execute()
            self.assertEqual(set(actions.mapped("state")), {"sending"})
            self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        received = {to[0]: message for _sender, to, message in inbox.received}
        self.assertEqual(set(received), {"rossi@example.com", "verdi@example.com"})
        rossi, verdi = received["rossi@example.com"], received["verdi@example.com"]
        self.assertEqual(rossi["Subject"], "Bollette non pagate di W1")
        self.assertEqual(verdi["Subject"], "Unpaid bills of W2")
        self.assertIn("credit@acque.example", rossi["From"])
        rows = self._rows(rossi)
        numbers = [row[0] for row in rows]
        self.assertIn(first.name, numbers)
        self.assertIn(second.name, numbers)
        self.assertNotIn(third.name, str(rossi))
        cell = rows[numbers.index(second.name)][4]
        self.assertIn("1.250,50", cell)
        self.assertIn("70.00", str(self._rows(verdi)))
