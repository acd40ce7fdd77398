from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .helpdesk_ticket import OPEN
from .helpdesk_ticket_steps import STAGES


class HelpdeskTicket(models.Model):
    """A request that waits for somebody else, or ends without being carried out."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # hooks
    # ------------------------------------------------------------------
    def _on_wait(self, moment, cause, note, attachment):
        """The request waits from ``moment`` (UTC) on.

        :param cause: customer, third_party, permit or weather
        :param attachment: ir.attachment with the proof, or empty
        """

    def _on_resume(self, moment):
        """The request goes on from ``moment`` (UTC) on."""

    def _on_withdrawn(self, moment, reason):
        """The customer has given the request up."""

    def _on_refused(self, moment, reason):
        """The request was found not admissible."""

    # ------------------------------------------------------------------
    def _wait(self, cause, moment=None, note=None, attachment=None):
        """Have the request wait for somebody else.

        :return: creditbox.request.wait
        :raises UserError: it has ended, or waits already
        """
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        attachment = attachment or self.env["ir.attachment"]
        self._check_open()
        self._check_moment(moment)
        if self.creditbox_waiting:
            raise UserError(self.env._("%s is waiting already.", self.creditbox_code))
        # the log is written by buttons alone
        wait = (
            self.env["creditbox.request.wait"]
            .sudo()
            .create(
                {
                    "ticket_id": self.id,
                    "date_from": moment,
                    "cause": cause,
                    "note": note,
                    "attachment_id": attachment.id,
                    "user_id": self.env.uid,
                }
            )
        )
        self._set_waiting(True)
        causes = dict(wait._fields["cause"]._description_selection(self.env))
        self._message_log(
            body=self.env._(
                "Waiting since %(moment)s for: %(cause)s. %(note)s",
                moment=format_datetime(self.env, moment),
                cause=causes[cause],
                note=note or "",
            )
        )
        self._on_wait(moment, cause, note, attachment)
        return wait.with_env(self.env)

    def _resume(self, moment=None):
        """End the wait.

        :raises UserError: the request does not wait, or not since then
        """
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        self.check_access("write")
        wait = self.creditbox_wait_ids.filtered(lambda w: not w.date_to)
        if not wait:
            raise UserError(self.env._("%s is not waiting.", self.creditbox_code))
        self._check_moment(moment)
        if moment < wait.date_from:
            raise UserError(
                self.env._(
                    "It has been waiting since %s.",
                    format_datetime(self.env, wait.date_from),
                )
            )
        wait.sudo().date_to = moment  # as above
        self._set_waiting(False)
        self._message_log(
            body=self.env._("Goes on from %s.", format_datetime(self.env, moment))
        )
        self._on_resume(moment)

    def _set_waiting(self, waiting):
        state = "waiting" if waiting else self.creditbox_state
        values = {"creditbox_waiting": waiting}
        if stage := self.env.ref(STAGES[state], raise_if_not_found=False):
            values["stage_id"] = stage.id
        self.sudo().with_context(mail_notrack=True).write(values)  # by buttons alone

    def _withdraw(self, moment=None, reason=None):
        """The customer gives the request up.

        :raises UserError: it has ended, or no reason is given
        """
        self._end("withdrawn", moment, reason)
        self._on_withdrawn(moment or fields.Datetime.now(), reason)

    def _refuse(self, moment=None, reason=None):
        """The request cannot be admitted.

        :raises UserError: it has ended or been admitted, or no reason is given
        """
        admitted = self.creditbox_milestone_ids.filtered(lambda m: m.code != "request")
        if admitted:
            raise UserError(
                self.env._("%s has been admitted already.", self.creditbox_code)
            )
        self._end("refused", moment, reason)
        self.sudo().creditbox_refused_reason = reason  # by buttons alone
        self._on_refused(moment or fields.Datetime.now(), reason)

    def _end(self, state, moment, reason):
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        self._check_open()
        self._check_moment(moment)
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason."))
        if self.creditbox_waiting:
            self._resume(moment)
        self._set_state(state, moment)
        states = dict(self._fields["creditbox_state"]._description_selection(self.env))
        self._message_log(body=f"{states[state]}: {reason}")

    def _check_open(self):
        self.check_access("write")
        if self.creditbox_state not in OPEN:
            raise UserError(self.env._("%s has ended already.", self.creditbox_code))

    # ------------------------------------------------------------------
    # reminders of the same case
    # ------------------------------------------------------------------
    def action_is_reminder(self):
        """This request asks again about one that is open: it ends, linked to it."""
        self.ensure_one()
        self._check_open()
        first = self.creditbox_similar_ids.sorted("date_received")[:1]
        if not first:
            raise UserError(self.env._("There is no open request like this one."))
        self.sudo().creditbox_parent_id = first  # by this button alone
        self._set_state("linked", fields.Datetime.now())
        first._message_log(
            body=self.env._(
                "The customer has asked again on %(moment)s (%(code)s).",
                moment=format_datetime(self.env, self.date_received),
                code=self.creditbox_code,
            )
        )
        return first.get_formview_action()

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_wait(self):
        return self._open_halt("wait", self.env._("Waiting for somebody else"))

    def action_resume(self):
        return self._open_halt("resume", self.env._("Goes on"))

    def action_withdraw(self):
        return self._open_halt("withdraw", self.env._("Withdrawn by the customer"))

    def action_refuse(self):
        return self._open_halt("refuse", self.env._("Not admissible"))

    def _open_halt(self, kind, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "creditbox.request.halt",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_kind": kind},
        }
