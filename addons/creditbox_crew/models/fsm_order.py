import base64
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """What a crew sends from its phone about an order of its own.

    Whoever calls has asked whose order it is, and calls as the system.
    """

    _inherit = "fsm.order"

    creditbox_ack_at = fields.Datetime(
        string="Stop seen by the crew on", readonly=True, copy=False
    )
    creditbox_ack_user_id = fields.Many2one(
        "res.users", string="Stop seen by", readonly=True, copy=False
    )
    creditbox_signed_by = fields.Char(readonly=True, copy=False)
    creditbox_signature = fields.Binary(readonly=True, copy=False)

    def _announce(self, event):
        """The crew's phone hears it too."""
        res = super()._announce(event)
        crew = self.sudo().person_id.partner_id  # whoever pays may not see crews
        if crew:
            self.env["bus.bus"]._sendone(
                crew, event, {"id": self.id, "state": self.creditbox_state}
            )
        return res

    def _crew_start(self, entry, files):
        """On site: the law and the debt are asked again."""
        if self.creditbox_state not in ("on_site", "stopped"):
            self.action_start()
        return self._crew_answer()

    def _crew_check(self, entry, files):
        """The debt is looked at once more."""
        if self.creditbox_state in ("sent", "on_site"):
            self._look_at_debt()
        return self._crew_answer()

    def _crew_photo(self, entry, files):
        """A photo; of an order that has ended it is kept as evidence."""
        return self._crew_photos([entry], files)[0]

    def _crew_photos(self, entries, files):
        """:return: list of dict, one a photo"""
        photos = self._add_photos(
            [
                {
                    "kind": entry.text("kind"),
                    "image": files.get(entry.text("file")) or b"",
                    "taken_at": entry.moment("happened_at"),
                    "skew": entry.skew(),
                    "latitude": entry.number("latitude"),
                    "longitude": entry.number("longitude"),
                    "accuracy": entry.number("accuracy"),
                    "note": entry.text("note") or None,
                }
                for entry in entries
            ]
        )
        return [{"photo": photo.id, "late": photo.late} for photo in photos]

    def _crew_done(self, entry, files):
        """Carried out. Photos and a fresh look at the debt are asked for.

        What was stopped meanwhile stays stopped, and the office is alarmed.
        """
        if self.creditbox_state == "done":
            return self._crew_answer()
        if self.creditbox_state == "stopped":
            return self._crew_done_though_stopped()
        self._check_transition("done")
        self._require_photos()
        self._crew_require_look(entry)
        self._crew_write(entry, files)
        if self._look_and_carry_out():
            return self._crew_done_though_stopped()
        self._keep_reading()
        return self._crew_answer()

    def _crew_done_though_stopped(self):
        self.creditbox_alarm = True
        self._ask(
            "mail.mail_activity_data_warning",
            _lt("The crew says it has carried out an order that was stopped"),
        )
        return self._crew_answer()

    def _crew_require_look(self, entry):
        """The debt was looked at shortly before the outcome, or is looked at now.

        :raises UserError: the outcome comes late, and nobody had looked at the debt
        """
        minutes = timedelta(minutes=self.company_id.creditbox_debt_check_minutes)
        now = fields.Datetime.now()
        moment = min(entry.corrected("happened_at") or now, now)
        looked = self.creditbox_debt_checked_at
        before = looked and timedelta(0) <= moment - looked <= minutes
        if self._against() and not before and now - moment > minutes:
            raise UserError(
                self.env._(
                    "Order %(order)s: when it was registered as done nobody had looked "
                    "at the debt for more than %(minutes)s minutes. Press Done again "
                    "with the network on.",
                    order=self.name,
                    minutes=self.company_id.creditbox_debt_check_minutes,
                )
            )

    def _crew_write(self, entry, files):
        reading = entry.number("reading")
        signature = files.get(entry.text("file"))
        if signature:
            self._extension_of_photo(signature)
        if reading is not None and not 0 <= reading < 10**9:
            raise UserError(self.env._("The reading of the meter is no such number."))
        self._write_at_the_meter(reading, entry.text("seal"))
        self._quietly().write(
            {
                "creditbox_signed_by": entry.text("signed_by") or False,
                "creditbox_signature": signature and base64.b64encode(signature),
            }
        )

    def _crew_not_executable(self, entry, files):
        """It could not be carried out, for one of the reasons."""
        if self.creditbox_state == "stopped":
            return self._crew_answer()
        reason = self.env["creditbox.order.reason"].search(
            [
                ("id", "=", entry.whole("reason_id")),
                ("company_id", "in", [self.company_id.id, False]),
            ]
        )
        if not reason:
            raise UserError(self.env._("Say why it could not be carried out."))
        self.action_not_executable(
            reason, entry.text("note") or None, entry.text("meter") or None
        )
        return self._crew_answer()

    def _crew_paid(self, entry, files):
        """A receipt is shown on the spot: the bills are held, which stops the order."""
        if self.creditbox_state not in ("sent", "on_site"):
            return self._crew_answer()
        if "receipt" not in self.creditbox_photo_ids.mapped("kind"):
            raise UserError(self.env._("Take a photo of the receipt first."))
        company = self.company_id
        today = company._creditbox_today()
        reason = self.env.ref("creditbox_crew.hold_reason_on_the_spot")
        office = self.creditbox_position_id._who_answers(self.creditbox_user_id)
        self.env["creditbox.hold"].create(
            [
                {
                    "level": "bill",
                    "move_id": bill.id,
                    "company_id": company.id,
                    "reason_id": reason.id,
                    "user_id": office.id,
                    "date_from": today,
                    "date_to": today + timedelta(company.creditbox_crew_hold_days),
                    "note": self.name,
                }
                for bill in self.creditbox_move_line_ids.move_id
            ]
        )
        if self.creditbox_state != "stopped":
            self._stop()
        self._ask(
            "mail.mail_activity_data_todo",
            _lt("A receipt was shown to the crew: look for the payment"),
        )
        return self._crew_answer()

    def _crew_ack(self, entry, files):
        """The crew has seen that the order is stopped."""
        if (
            self.creditbox_state in ("stopped", "recalled")
            and not self.creditbox_ack_at
        ):
            self.write(
                {
                    "creditbox_ack_at": fields.Datetime.now(),
                    "creditbox_ack_user_id": self.env.uid,
                }
            )
            self._message_log(body=self.env._("The crew has seen the stop."))
        return {"state": self.creditbox_state}

    def _crew_answer(self):
        """:return: dict; what was stopped is not ok, with the reason"""
        stopped = self.creditbox_state in ("stopped", "recalled", "cancelled")
        answer = {"ok": not stopped, "state": self.creditbox_state, "stopped": stopped}
        if stopped:
            answer["message"] = self.env._(
                "STOP – %s. Nothing may be done at the meter.",
                self.creditbox_note or self._label("creditbox_state"),
            )
        return answer
