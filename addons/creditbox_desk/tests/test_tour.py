from odoo.tests import HttpCase, tagged

from .common import DeskCommon


@tagged("creditbox", "post_install", "-at_install")
class TestTour(DeskCommon, HttpCase):
    """The collector's round in a real browser."""

    def test_round(self):
        today = self.company._creditbox_today()
        other = self._customer("Verdi")
        supply = self._supply(other, "V1")
        self._bill(50, today.replace(day=1, month=1), supply)
        for position, kind in (
            (self.position, "creditbox_dunning.mail_activity_type_reply"),
            (self._position(supply), "mail.mail_activity_data_todo"),
        ):
            position.activity_schedule(
                kind, date_deadline=today, summary="Do it", user_id=self.operator.id
            )
        self.start_tour(
            "/odoo/creditbox-my-day", "creditbox_my_day", login=self.operator.login
        )
        promise = self.env["creditbox.promise"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((promise.amount, promise.state), (160, "open"))
        self.assertEqual(promise.create_uid, self.operator)
        self.assertEqual(self.customer.creditbox_mobile, "+393331234567")
