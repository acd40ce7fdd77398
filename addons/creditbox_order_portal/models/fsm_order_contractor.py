from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

# They are said in the language of whoever is asked.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


class FsmOrder(models.Model):
    """What a contractor does with its orders: on the pages, by file and by API.

    Called as the system on orders that are the contractor's: see ``_portal_orders``.
    Each method returns a dict that is kept as the answer of the event.
    """

    _inherit = "fsm.order"

    def _portal_accept(self):
        """The contractor takes the order: a planned one is with the crew now."""
        self.ensure_one()
        if self.creditbox_state == "planned":
            self.action_send()
        else:
            self.action_accept()
        return self._portal_answer()

    def _portal_refuse(self, note):
        """The order goes back to the office, which finds another crew.

        :param note: str, why
        :raises UserError: without a reason, or once the crew is on site
        """
        self.ensure_one()
        if not (note or "").strip():
            raise UserError(self.env._("Say why it is refused."))
        if self.creditbox_state not in ("requested", "accepted", "planned", "sent"):
            raise UserError(self._refused_transition("accepted"))
        self._message_log(
            body=self.env._(
                "Refused by %(firm)s: %(why)s",
                firm=self.person_id.creditbox_contractor_id.name,
                why=note.strip(),
            )
        )
        self._tell_portals()  # while it is still theirs
        self.person_id = False
        if self.creditbox_state == "sent":
            self._enter("planned")
        if self.creditbox_state == "planned":
            self._enter("accepted")
        self._ask(
            "mail.mail_activity_data_todo", _lt("Refused by the contractor: plan again")
        )
        return self._portal_answer()

    def _portal_plan(self, crew_id, moment):
        """Give the order to a crew of the contractor, for a day.

        :param crew_id: int, fsm.person
        :param moment: naive datetime.datetime, UTC
        :raises UserError: somebody else's crew; a forbidden day or hour
        """
        self.ensure_one()
        crew = self._portal_crews().filtered(lambda person: person.id == crew_id)
        if not crew:
            raise UserError(self.env._("This is none of your crews."))
        if self.creditbox_state not in ("requested", "accepted", "planned", "sent"):
            raise UserError(self._refused_transition("planned"))
        if self.company_id._creditbox_local(moment).date() < (
            self.company_id._creditbox_today()
        ):
            raise UserError(self.env._("This day has passed."))
        self._require_day(moment)
        self.write({"person_id": crew.id, "scheduled_date_start": moment})
        if self.creditbox_state == "planned":
            self._tell_portals()
        else:
            self.action_plan()
        self._message_log(body=self.env._("Crew: %s", crew.name))
        return self._portal_answer()

    def _portal_crews(self):
        """:return: fsm.person, the crews of the order's contractor in its company"""
        return self.env["fsm.person"].search(
            Domain(
                "creditbox_contractor_id",
                "=",
                self.person_id.creditbox_contractor_id.id,
            )
            & Domain("creditbox_contractor_id", "!=", False)
            & Domain("company_id", "in", (self.company_id.id, False))
        )

    def _portal_arrive(self, when=None):
        """The crew is, or was, on site: the law and the debt are asked.

        :param when: naive datetime.datetime (UTC) by the contractor's clock, or None
        :raises UserError: what must not be done there, with the reasons
        """
        self.ensure_one()
        now = fields.Datetime.now()
        when = min(when or now, now)
        self._require_day(when)
        self._require_lawful()
        if self.creditbox_state == "planned":
            self.action_send()
        self._enter("on_site", date_start=when, creditbox_on_site_at=when)
        self._look_at_debt()
        return self._portal_stopped() or self._portal_answer()

    def _portal_outcome(self, outcome, when=None, **what):
        """Register what the crew has done.

        An order that has been stopped stays so: the office is told if it was carried
        out all the same.

        :param outcome: "done" or "not_executable"
        :param when: naive datetime.datetime (UTC) at which the crew was there, or None
        :param what: ``reason`` (code of creditbox.order.reason), ``note``, ``reading``
            (float), ``seal``, ``meter`` (serial number found, if it is another one)
        :raises UserError: with what is missing or forbidden
        """
        self.ensure_one()
        if self.creditbox_state == outcome:
            return {**self._portal_answer(), "repeated": True}
        if stopped := self._portal_stopped():
            if outcome == "done":
                self._ask(
                    "mail.mail_activity_data_warning",
                    _lt("Reported as carried out though it was stopped: look into it"),
                )
                self._message_log(body=self._portal_words(what))
            return stopped
        if outcome == "not_executable":
            return self._portal_not_executable(
                what.get("reason"), what.get("note"), what.get("meter")
            )
        if outcome != "done":
            raise UserError(self.env._("“%s” is no outcome.", outcome or ""))
        return self._portal_done(when, what)

    def _portal_done(self, when, what):
        if self.creditbox_state != "on_site":
            if stopped := self._portal_late_look(when):
                return stopped
        else:
            self._look_at_debt()
        if self.creditbox_state == "on_site":
            self._require_photos()
            self._look_and_carry_out()
        if stopped := self._portal_stopped():
            return stopped
        self._write_at_the_meter(what.get("reading"), what.get("seal"))
        self._keep_reading()
        if words := self._portal_words(what):
            self._message_log(body=words)
        return self._portal_answer()

    def _portal_late_look(self, when):
        answer = self._portal_arrive(when)
        return None if answer["ok"] else answer

    def _portal_not_executable(self, code, note, meter):
        reason = self.env["creditbox.order.reason"].search(
            [
                ("code", "=", code),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id",
            limit=1,
        )
        if not reason:
            raise UserError(
                self.env._("“%s” is no reason for not carrying out.", code or "")
            )
        self.action_not_executable(reason, note, meter)
        return self._portal_answer()

    def _portal_words(self, what):
        labels = {
            "reading": self.env._("Reading"),
            "seal": self.env._("Seal"),
            "note": self.env._("Note"),
        }
        return "; ".join(
            f"{label}: {what[name]}"
            for name, label in labels.items()
            if what.get(name) not in (None, "")
        )

    def _portal_stopped(self):
        """:return: the answer about an order that must not be done, or None"""
        if self.creditbox_state not in ("stopped", "cancelled", "recalled"):
            return None
        return {
            **self._portal_answer(),
            "ok": False,
            "code": "stopped",
            "message": self.env._(
                "Order %(order)s is «%(state)s» (%(why)s): nothing may be done at the "
                "meter. If it has been carried out already, the office must know now.",
                order=self.name,
                state=self._label("creditbox_state"),
                why=self.creditbox_note or "–",
            ),
        }

    def _portal_answer(self):
        return {"ok": True, "id": self.id, "state": self.creditbox_state}

    def _portal_acknowledge(self):
        """The contractor has taken note that an order must not be done.

        :raises UserError: an order that goes on
        """
        self.ensure_one()
        if self.creditbox_state not in ("stopped", "cancelled", "recalled"):
            raise UserError(self.env._("Order %s has not been stopped.", self.name))
        self._message_log(
            body=self.env._("Stop acknowledged by %s", self.env.user.name)
        )
        return self._portal_answer()
