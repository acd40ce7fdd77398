from unittest.mock import patch

from lxml import html

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DunningCommon
from .smtp_server import smtp_server


@tagged("creditbox", "post_install", "-at_install")
@freeze_time("2026-06-30")
class TestJoint(DunningCommon):
    """A customer with several supplies is written to once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "credit@acque.example"
        cls.company.creditbox_joint = True
        cls.customer.lang = "en_US"
        cls.template.body += "{{ other_bills }}"
        cls.second = cls._supply(cls.customer, "W2", street="Via Po 2", city="Roma")
        cls.third = cls._supply(cls.customer, "W3")
        cls.verdi = cls._customer("Verdi", lang="en_US")
        cls.supply_verdi = cls._supply(cls.verdi, "V1")

    def setUp(self):
        super().setUp()
        server = smtp_server(self.env)
        self.inbox = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)

    def _send(self):
        self.env["mail.mail"]._creditbox_process_queue()

    def _bills(self):
        return [
            self._bill(100, 40),
            self._bill(30, 35, self.second),
            self._bill(20, 3, self.second),
            self._bill(7, 35, self.third),
        ]

    def _of(self, actions, supply):
        return actions.filtered(lambda action: action.supply_id == supply)

    def _rows(self, message):
        body = message.get_body(("html",)).get_content()
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
            for row in html.fromstring(body).iter("tr")
        ]

    def _paid_unseen(self, amount, bill):
        """A payment of which the hooks learn nothing: only the gate is left."""
        position = self.env.registry["creditbox.position"]
        with patch.object(position, "_on_debt_changed", lambda *args: None):
            self._pay(amount, bill)

    # ------------------------------------------------------------------
    # what arrives
    # ------------------------------------------------------------------
    def test_one_message_for_all_supplies(self):
        first, second, young, third = self._bills()
        alien = self._bill(55, 40, self.supply_verdi)
        actions = self._execute()
        self.assertEqual(len(actions), 4)
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        received = {to[0]: message for _sender, to, message in self.inbox.received}
        self.assertEqual(len(self.inbox.received), 2)
        message = received["rossi@example.com"]
        self.assertEqual(message["Subject"], "Unpaid bills of W1, W2, W3")
        rows = self._rows(message)
        texts = [row[0] for row in rows]
        places = [
            texts.index(text)
            for text in (
                first.name,
                "Supply W2, Via Po 2, Roma",
                second.name,
                "Supply W3",
                third.name,
                "Total",
                young.name,
            )
        ]
        self.assertEqual(places, sorted(places))
        subtotals = [row[1] for row in rows if row[0] == "Subtotal"]
        for amount, shown in zip(("100", "30", "7", "20"), subtotals, strict=True):
            self.assertIn(f"{amount}.00", shown)
        self.assertIn("137.00", rows[texts.index("Total")][1])
        self.assertIn("137.00", message.get_body(("html",)).get_content())
        self.assertNotIn(alien.name, message.as_string())
        self.assertEqual(received["verdi@example.com"]["Subject"], "Unpaid bills of V1")

    def test_what_the_actions_keep(self):
        """Each its own bills and step; the chatter holds the message once."""
        self._bills()
        actions = self._execute()
        self._send()
        lead = actions.filtered("joined_ids")
        self.assertEqual(lead.joined_ids, actions - lead)
        self.assertEqual(len(actions.message_id), 1)
        self.assertEqual(
            self.customer.message_ids.filtered("subject"), actions.message_id
        )
        self.assertEqual(actions.item_ids.mapped("step"), [1, 1, 1])
        self.assertEqual(set(actions.mapped("date_deadline")), {lead.date_deadline})
        self.assertEqual(set(actions.mapped("recipient")), {lead.recipient})

    def test_of_many_supplies_the_subject_names_the_first(self):
        for number in range(5):
            self._bill(9, 40, self._supply(self.customer, f"S{number}"))
        self._execute()
        self._send()
        [message] = self.inbox.messages()
        self.assertEqual(message["Subject"], "Unpaid bills of S0, S1, S2 and 2 more")
        codes = [row[0] for row in self._rows(message) if row[0].startswith("Supply")]
        self.assertEqual(codes, [f"Supply S{number}" for number in range(5)])

    def test_off_each_supply_has_its_own(self):
        self.company.creditbox_joint = False
        self._bills()
        actions = self._execute()
        self._send()
        self.assertEqual(len(self.inbox.received), 3)
        self.assertFalse(actions.lead_id)

    def test_each_company_for_itself(self):
        """The same customer owes to two companies, one of which writes jointly."""
        other = self.setup_other_company()["company"]
        self.assertFalse(other.creditbox_joint)
        self._bills()
        actions = self._execute()
        user = self._user("reader")
        self.assertEqual(len(actions.with_user(user).joined_ids), 2)
        stranger = self._user("reader", other)
        found = self.env["creditbox.action"].with_user(stranger)
        self.assertFalse(found.search([("lead_id", "!=", False)]))

    # ------------------------------------------------------------------
    # who is not joined
    # ------------------------------------------------------------------
    def test_only_what_says_the_same(self):
        """Another text, step of the law or channel makes another message."""
        other = self.template.copy()
        gas = self._supply(self.customer, "G1", service_type_id=self.gas.id)
        self._table(
            self.company,
            [
                {"step": 1, "service_type_id": self.water.id},
                {"step": 1, "service_type_id": self.gas.id, "template_id": other.id},
            ],
        )
        self._bill(100, 40)
        self._bill(30, 40, self.second)
        self._bill(9, 40, gas)
        actions = self._execute()
        self._send()
        self.assertEqual(len(self.inbox.received), 2)
        self.assertFalse(
            self._of(actions, gas).lead_id | self._of(actions, gas).joined_ids
        )

    def test_services_share_an_ordinary_text(self):
        gas = self._supply(self.customer, "G1", service_type_id=self.gas.id)
        self._bill(100, 40)
        self._bill(9, 40, gas)
        self._execute()
        self._send()
        [message] = self.inbox.messages()
        self.assertIn("G1", message["Subject"])

    def test_step_of_the_law_is_of_one_service(self):
        rows = self.table.rule_ids
        gas = self._supply(self.customer, "G1", service_type_id=self.gas.id)
        for supply in (self.supply, self.second, gas):
            self._bill(100, 40, supply)
        run = self._run()
        rule = type(rows)
        with patch.object(rule, "legal_step", "reminder"):
            run.action_ids._share_messages()
        water = run.action_ids - self._of(run.action_ids, gas)
        self.assertEqual(len(water.lead_id), 1)
        self.assertFalse(self._of(run.action_ids, gas)._joined() & water)

    # ------------------------------------------------------------------
    # the gate
    # ------------------------------------------------------------------
    def _check_one_paid(self, number, pay):
        """Of three supplies, the one of bill ``number`` is paid before it leaves."""
        bills = self._bills()
        actions = self._execute()
        paid, code = bills[number], bills[number].creditbox_supply_id.code
        gone = self._of(actions, paid.creditbox_supply_id)
        pay(paid.amount_residual, paid)
        self._send()
        [message] = self.inbox.messages()
        self.assertNotIn(paid.name, str(self._rows(message)))
        self.assertNotIn(code, message["Subject"])
        self.assertEqual(gone.state, "cancelled")
        self.assertFalse(gone.message_id)
        self.assertEqual(gone.item_ids.step, 0)
        left = actions - gone
        self.assertEqual(set(left.mapped("state")), {"done"})
        self.assertEqual(left.item_ids.mapped("step"), [1, 1])
        self.assertEqual(left._joined(), left)
        self.assertEqual(len(left.filtered("joined_ids")), 1)
        self.assertNotIn(paid.name, left.message_id.body)

    def test_supply_that_leads_is_paid_unseen(self):
        self._check_one_paid(0, self._paid_unseen)

    def test_supply_that_joins_is_paid_unseen(self):
        self._check_one_paid(3, self._paid_unseen)

    def test_supply_that_leads_is_paid(self):
        self._check_one_paid(0, self._pay)

    def test_supply_that_joins_is_paid(self):
        self._check_one_paid(3, self._pay)

    def test_one_is_left(self):
        bills = self._bills()
        actions = self._execute()
        self._paid_unseen(100, bills[0])
        self._pay(30, bills[1])
        self._send()
        [message] = self.inbox.messages()
        self.assertEqual(message["Subject"], "Unpaid bills of W3")
        self.assertNotIn("Subtotal", str(self._rows(message)))
        self.assertFalse(actions.lead_id)

    def test_part_of_a_supply_paid(self):
        bills = self._bills()
        self._execute()
        self._paid_unseen(60, bills[0])
        self._send()
        [message] = self.inbox.messages()
        self.assertIn("40.00", str(self._rows(message)))
        self.assertIn("77.00", str(self._rows(message)))

    def test_all_paid_nothing_leaves(self):
        bills = self._bills()
        actions = self._execute()
        for bill in bills:
            self._paid_unseen(bill.amount_residual, bill)
        self._send()
        self.assertFalse(self.inbox.received)
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})
        self.assertFalse(self.customer.message_ids.filtered("subject"))

    def test_one_cancelled_by_hand(self):
        bills = self._bills()
        actions = self._execute()
        lead = actions.filtered("joined_ids")
        lead.with_user(self._user("operator")).action_cancel()
        self._send()
        [message] = self.inbox.messages()
        gone = lead.line_ids.move_id
        self.assertNotIn(gone.name, message.as_string())
        self.assertEqual(len(bills), 4)
        self.assertEqual(set((actions - lead).mapped("state")), {"done"})

    def test_no_address_any_more(self):
        self._bills()
        actions = self._execute()
        self.customer.email = False
        self._send()
        self.assertFalse(self.inbox.received)
        self.assertEqual(set(actions.mapped("exception")), {"no_address"})
        self.assertFalse(actions.lead_id)

    # ------------------------------------------------------------------
    # what becomes of it
    # ------------------------------------------------------------------
    def test_refused_by_the_server(self):
        self._bills()
        actions = self._execute()
        self.inbox.answers["rossi@example.com"] = "550 5.1.1 no such user"
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._send()
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertEqual(actions.item_ids.mapped("step"), [0, 0, 0])

    def test_refused_for_now(self):
        """All of them wait, and say until when; who pays meanwhile is left out."""
        bills = self._bills()
        actions = self._execute()
        self.inbox.data_answer = "451 try later"
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._send()
        self.assertEqual(set(actions.mapped("state")), {"sending"})
        self.assertEqual(actions.run_id.retried_count, 3)
        self.assertTrue(all(actions.mapped("wait_until")))
        self.assertFalse(actions.item_ids.filtered("step"))
        self.inbox.data_answer = None
        self._pay(100, bills[0])
        with freeze_time("2026-06-30 00:30:00"):
            self._send()
        [message] = self.inbox.messages()
        self.assertEqual(message["Subject"], "Unpaid bills of W2, W3")
        self.assertEqual(sorted(actions.mapped("state")), ["cancelled", "done", "done"])

    def test_came_back(self):
        self._bills()
        actions = self._execute()
        self._send()
        channel = self.env["creditbox.channel.email"]
        channel._bounced(actions.message_id, "gone", ["rossi@example.com"])
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertTrue(all(actions.mapped("unreachable")))

    def _check_doubt(self, settle):
        """The process dies while sending: a person decides, for all of them at once.

        :return: the actions
        """
        self._bills()
        actions = self._execute()
        self._mark_leaving(actions.mail_ids)
        self.env["mail.mail"]._creditbox_settle_departures()
        self.assertTrue(all(actions.mapped("in_doubt")))
        settle(actions[:1].with_user(self._user("operator")))
        self.assertFalse(any(actions.mapped("in_doubt")))
        self._send()
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_in_doubt_and_it_was_sent(self):
        self._check_doubt(lambda action: action.action_was_sent())
        self.assertFalse(self.inbox.received)

    def test_in_doubt_and_sent_again(self):
        self._check_doubt(lambda action: action.action_send_again())
        self.assertEqual(len(self.inbox.received), 1)

    def test_undo(self):
        self._bills()
        actions = self._execute()
        actions.run_id.action_undo()
        self._send()
        self.assertFalse(self.inbox.received)
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})

    def test_attachments_of_all_bills(self):
        self.template.attach_bills = True
        bills = self._bills()
        for bill in bills:
            bill.message_main_attachment_id = self.env["ir.attachment"].create(
                {
                    "name": f"{bill.id}.pdf",
                    "raw": b"%PDF-1.4 bill",
                    "mimetype": "application/pdf",
                    "res_model": "account.move",
                    "res_id": bill.id,
                }
            )
        self._execute()
        self._paid_unseen(7, bills[3])
        self._send()
        [message] = self.inbox.messages()
        names = {part.get_filename() for part in message.iter_attachments()}
        self.assertEqual(names, {f"{bill.id}.pdf" for bill in bills[:2]})

    def test_one_message_costs_one_fee(self):
        self._table(self.company, [{"step": 1, "fee": "amount", "fee_amount": 5}])
        bills = self._bills()
        actions = self._execute()
        self._paid_unseen(100, bills[0])  # of the supply that leads
        self._send()
        charge = self.env["creditbox.charge"].search([("action_id", "in", actions.ids)])
        self.assertEqual(charge.mapped("amount"), [5])
        self.assertEqual(charge.action_id, actions.filtered("joined_ids"))

    # ------------------------------------------------------------------
    # batches
    # ------------------------------------------------------------------
    def test_a_customer_is_in_one_batch(self):
        self._bills()
        self.company.creditbox_batch_size = 1
        run = self._run()
        run.action_approve()
        run.sudo().state = "executing"
        run._execute_batch()
        self.assertEqual(set(run.action_ids.mapped("state")), {"sending"})
        self.assertEqual(len(run.action_ids.mail_ids), 1)

    def test_queries_do_not_grow_with_customers(self):
        counts = []
        for number in (2, 6):
            supplies = [
                self._supply(customer, f"{number}{place}{customer.id}")
                for customer in [
                    self._customer(f"C{number}{i}", lang="en_US") for i in range(number)
                ]
                for place in "ab"
            ]
            for supply in supplies:
                self._bill(10, 40, supply)
            run = self._run()
            run.action_approve()
            run.sudo().state = "executing"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_ids._execute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(run.action_ids.mail_ids), number)
        self.assertLessEqual(counts[1], counts[0] + 4)

    def test_an_error_keeps_customers_together(self):
        """One that fails is held back; the others go on, still joined."""
        self._bills()
        self._bill(55, 40, self.supply_verdi)
        compose = type(self.env["creditbox.communication"])._values
        verdi = self.verdi

        def broken(model, communication):
            if communication.case.position.partner_id == verdi:
                raise ValueError("broken")
            return compose(model, communication)

        communication = self.env.registry["creditbox.communication"]
        with (
            patch.object(communication, "_values", broken),
            mute_logger("odoo.addons.creditbox_dunning.models.creditbox_action"),
        ):
            actions = self._execute()
        self.assertEqual(actions.filtered("exception").partner_id, verdi)
        self._send()
        self.assertEqual(len(self.inbox.received), 1)
