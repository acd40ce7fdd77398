import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.creditbox_frontoffice.tools.office_sheet import texts_of

from .common import FrontofficeCommon


@tagged("creditbox", "post_install", "-at_install")
class TestAnswer(FrontofficeCommon):
    def complaint(self, **values):
        ticket = self.ask("complaint", **values)
        return self.step(ticket)

    def test_a_complaint_needs_all_parts(self):
        ticket = self.complaint()
        with self.assertRaisesRegex(UserError, "Our Checks, Our Conclusions"):
            self.step(ticket, part_complaint="The bill of May")
        self.assertFalse(ticket.creditbox_answer_ids)
        self.step(
            ticket,
            part_complaint="The bill of May",
            part_checks="The meter was read",
            part_conclusions="It is right <b>",
        )
        answer = ticket.creditbox_answer_ids
        self.assertIn("Our Conclusions", answer.body)
        self.assertIn("It is right &lt;b&gt;", answer.body)
        self.assertIn("conciliation", answer.body)
        self.assertIn(ticket.creditbox_code, answer.subject)
        self.assertEqual(answer.outcome, "outgoing")
        self.assertEqual(answer.sudo().mail_id.email_to, "mario@example.com")
        self.assertTrue(answer.attachment_id.raw.startswith(b"%PDF"))
        self.assertEqual(ticket.creditbox_state, "done")

    def test_by_hand_with_the_proof(self):
        ticket = self.ask("request")
        self.step(
            ticket,
            channel="pec",
            recipient="mario@pec.example.com",
            body="<p>Here it is</p>",
            proof=base64.b64encode(b"receipt"),
        )
        answer = ticket.creditbox_answer_ids
        self.assertEqual(answer.outcome, "by_hand")
        self.assertEqual(answer.proof_id.raw, b"receipt")
        self.assertFalse(answer.sudo().mail_id)

    def test_without_address(self):
        self.customer.email = False
        ticket = self.ask("request")
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self.step(ticket, channel="email")

    def test_topic_before_step(self):
        topic = self.env.ref("creditbox_frontoffice.topic_billing_estimates")
        own = self.env.ref("creditbox_frontoffice.mail_template_answer").copy(
            {"subject": "About estimates"}
        )
        topic.template_id = own
        ticket = self.ask("request", creditbox_topic_id=topic)
        step = ticket.creditbox_next_id
        self.assertEqual(ticket._answer_template(step), own)
        subject, _body = ticket._propose(own)
        self.assertEqual(subject, "About estimates")

    def test_paragraphs_of_a_text(self):
        for body, texts in (
            ("<p>One</p><p>Two<br/>lines</p>", (("", "One"), ("", "Two\nlines"))),
            ("<p><b>Head</b></p><p>A <b>b</b></p>", (("Head", ""), ("", "A b"))),
            ("<div><h2>Head</h2><p>x &lt; y</p></div>", (("Head", ""), ("", "x < y"))),
            ("plain", (("", "plain"),)),
            ("<p><br/></p>", ()),
        ):
            with self.subTest(body=body):
                self.assertEqual(texts_of(body), texts)

    def test_many_signers(self):
        ticket = self.complaint(
            creditbox_multiple=True, creditbox_signers="Anna\nBruno"
        )
        answer_paper = ticket._answer_paper("Answer", "<p>Text</p>")
        self.assertTrue(answer_paper.raw.startswith(b"%PDF"))
