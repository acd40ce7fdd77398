from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PortalCommon


@tagged("creditbox", "post_install", "-at_install")
class TestContactRequest(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._user("operator")

    def _request(self, **values):
        model = self.env["creditbox.contact.request"].sudo()
        return model._request(self.user, self.customer, values)

    def test_written_once_accepted(self):
        request = self._request(
            email="nuovo@example.com",
            creditbox_mobile="347 123 4567",
            creditbox_no_email=True,
            creditbox_bill_delivery="email",
        )
        self.assertEqual(self.customer.email, "rossi@example.com")
        self.assertTrue(request.activity_ids)
        request.with_user(self.operator).action_accept()
        self.assertEqual(
            (
                self.customer.email,
                self.customer.creditbox_mobile,
                self.customer.creditbox_no_email,
                self.customer.creditbox_bill_delivery,
            ),
            ("nuovo@example.com", "+393471234567", True, "email"),
        )
        self.assertEqual(request.state, "accepted")
        self.assertFalse(request.activity_ids)
        note = self.customer.message_ids[0].body
        for text in ("Rossi", "nuovo@example.com", "+393471234567"):
            self.assertIn(text, note)

    def test_an_address_can_be_taken_away(self):
        self.customer.creditbox_mobile = "+393471234567"
        request = self._request(creditbox_mobile="")
        request.with_user(self.operator).action_accept()
        self.assertFalse(self.customer.creditbox_mobile)

    def test_consent_is_given_back(self):
        self.customer.creditbox_no_email = True
        request = self._request(creditbox_no_email=False)
        self.assertEqual(request.line_ids.old_label, "Yes")
        self.assertEqual(request.line_ids.new_label, "No")
        request.with_user(self.operator).action_accept()
        self.assertFalse(self.customer.creditbox_no_email)

    def test_values_are_checked(self):
        for name, value in (
            ("email", "not an address"),
            ("creditbox_mobile", "12"),
            ("creditbox_mobile", "+39 02 1234567"),  # a fixed line gets no SMS
            ("phone", "abc"),
            ("creditbox_pec", "rossi@gmail.com"),
            ("creditbox_preferred_channel", "pigeon"),
        ):
            with self.subTest(name=name, value=value), self.assertRaises(UserError):
                self._request(**{name: value})

    def test_nothing_changed(self):
        with self.assertRaisesRegex(UserError, "Nothing has changed"):
            self._request(email="rossi@example.com", phone="")

    def test_only_what_is_offered_can_be_changed(self):
        with self.assertRaisesRegex(UserError, "Nothing has changed"):
            self._request(name="Verdi", vat="IT12345678901", company_id=1)

    def test_a_later_request_replaces_the_former(self):
        first = self._request(phone="+39 02 1234567")
        second = self._request(phone="+39 02 7654321")
        self.assertEqual((first.state, second.state), ("replaced", "requested"))
        first.with_user(self.operator).action_accept()
        self.assertFalse(self.customer.phone)

    def test_refused_with_a_reason(self):
        request = self._request(phone="+39 02 1234567").with_user(self.operator)
        with self.assertRaises(UserError):
            request.action_refuse()
        request.refusal = "Please call us first"
        request.action_refuse()
        self.assertEqual(request.state, "refused")
        self.assertFalse(self.customer.phone)

    def test_customers_do_not_accept(self):
        request = self._request(phone="+39 02 1234567")
        for user in (self.user, self.neighbour_user, self._user("reader")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_accept()
