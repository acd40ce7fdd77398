"""What each event of the page's timeline says, kind by kind, read through the ORM."""

from odoo import models
from odoo.tools import format_date, html2plaintext

EXCERPT = 180
ICONS = {
    "sms": "fa-mobile",
    "email": "fa-envelope-o",
    "letter": "fa-file-text-o",
    "registered": "fa-envelope-square",
    "pec": "fa-certificate",
    "technical": "fa-wrench",
}
STATE_STYLES = {
    "done": "success",
    "delivered": "success",
    "kept": "success",
    "paid": "success",
    "failed": "danger",
    "broken": "danger",
    "in_payment": "success",
    "reversed": "secondary",
    "partial": "warning",
    "not_paid": "warning",
    "partly": "warning",
    "cancelled": "secondary",
    "undone": "secondary",
    "released": "secondary",
    "expired": "secondary",
}


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    def _tell_bill(self, ids):
        labels = self._labels("account.move", "payment_state")
        for move in self._readable("account.move", ids):
            refund = move.move_type == "out_refund"
            charge = move.creditbox_charge
            yield (
                move.id,
                {
                    "icon": "fa-file-o",
                    "title": self.env._(
                        "Credit note %s", move.creditbox_ref or move.name
                    )
                    if refund
                    else self.env._("Charge %s", move.name)
                    if charge
                    else self.env._("Bill %s", move.creditbox_ref or move.name),
                    "text": self.env._(
                        "due %s", self._day(move.invoice_date_due or move.date)
                    ),
                    "amount": move.amount_total_signed,
                    "state": labels.get(move.payment_state, ""),
                    "style": STATE_STYLES.get(move.payment_state, "secondary"),
                    "model": move._name,
                    "id": move.id,
                },
            )

    def _tell_payment(self, ids):
        for line in self._readable("account.move.line", ids):
            payment = line.move_id.origin_payment_id
            record = payment or line.move_id
            channel = payment.creditbox_channel or line.journal_id.name
            yield (
                line.id,
                {
                    "icon": "fa-eur",
                    "title": self.env._("Payment"),
                    "text": channel or "",
                    "amount": -line.balance,
                    "state": self.env._("not allocated")
                    if line.amount_residual
                    else "",
                    "style": "warning",
                    "model": record._name,
                    "id": record.id,
                },
            )

    def _tell_action(self, ids):
        labels = self._labels("creditbox.action", "state")
        pec = self._labels("creditbox.action", "pec_state")
        exceptions = self._labels("creditbox.action", "exception")
        for action in self._readable("creditbox.action", ids):
            state = pec.get(action.pec_state) or labels[action.state]
            if action.in_doubt:
                state = self.env._("in doubt")
            trouble = exceptions.get(action.exception) or action.reason
            yield (
                action.id,
                {
                    "icon": ICONS.get(action.code, "fa-cog"),
                    "title": action.rule_id.name,
                    "text": " · ".join(
                        filter(
                            None,
                            (action.recipient, action.supply_id.code, trouble),
                        )
                    ),
                    "amount": action.amount,
                    "state": state,
                    "style": "danger"
                    if action.pec_state == "failed" or action.exception
                    else STATE_STYLES.get(action.state, "info"),
                    "model": action._name,
                    "id": action.id,
                },
            )

    def _tell_mailing(self, ids):
        labels = self._labels("creditbox.mailing.recipient", "state")
        for recipient in self._readable("creditbox.mailing.recipient", ids):
            yield (
                recipient.id,
                {
                    "icon": "fa-bullhorn",
                    "title": recipient.mailing_id.display_name,
                    "text": recipient.address or "",
                    "state": labels[recipient.state],
                    "style": STATE_STYLES.get(recipient.state, "info"),
                    "model": "creditbox.mailing",
                    "id": recipient.mailing_id.id,
                },
            )

    def _tell_hold(self, ids):
        labels = self._labels("creditbox.hold", "state")
        for hold in self._readable("creditbox.hold", ids):
            yield (
                hold.id,
                {
                    "icon": "fa-pause-circle",
                    "title": self.env._("On hold: %s", hold.reason_id.name),
                    "text": self.env._("until %s", self._day(hold.date_to)),
                    "state": labels[hold.state],
                    "style": STATE_STYLES.get(hold.state, "info"),
                    "user": hold.user_id.name,
                    "model": hold._name,
                    "id": hold.id,
                },
            )

    def _tell_promise(self, ids):
        labels = self._labels("creditbox.promise", "state")
        for promise in self._readable("creditbox.promise", ids):
            yield (
                promise.id,
                {
                    "icon": "fa-handshake-o",
                    "title": self.env._("Promise to pay"),
                    "text": ", ".join(
                        f"{promise.currency_id.format(line.amount)} "
                        f"({self._day(line.date)})"
                        for line in promise.line_ids
                    ),
                    "amount": promise.amount,
                    "state": labels[promise.state],
                    "style": STATE_STYLES.get(promise.state, "info"),
                    "user": promise.user_id.name,
                    "model": promise._name,
                    "id": promise.id,
                },
            )

    def _tell_call(self, ids):
        labels = self._labels("creditbox.call", "outcome")
        for call in self._readable("creditbox.call", ids):
            yield (
                call.id,
                {
                    "icon": "fa-phone",
                    "title": self.env._("Call from the customer")
                    if call.incoming
                    else self.env._("Call"),
                    "text": call.note or "",
                    "state": labels[call.outcome],
                    "style": "info",
                    "user": call.user_id.name,
                    "model": call._name,
                    "id": call.id,
                },
            )

    def _tell_meter(self, ids):
        system = self.env["ir.model.data"]._xmlid_to_res_id("base.user_root")
        for change in self._readable("creditbox.meter.state.history", ids):
            yield (
                change.id,
                {
                    "icon": "fa-tachometer",
                    "title": self.env._("Meter %s", change.meter_id.serial),
                    "text": change.note or "",
                    "state": change.meter_state_id.name or "",
                    "style": "info",
                    "user": ""
                    if change.user_id.id == system
                    else change.user_id.name or "",
                    "model": "creditbox.meter",
                    "id": change.meter_id.id,
                },
            )

    def _tell_note(self, ids):
        """Notes, mails written by people, answers of customers, activities done."""
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        for message in self._readable("mail.message", ids):
            text = " ".join(html2plaintext(message.body or "").split())
            reply = message.message_type == "email"
            activity = message.mail_activity_type_id
            written = message.subtype_id.id == comment
            icon, title = (
                ("fa-reply", message.subject or self.env._("Reply"))
                if reply
                else ("fa-check", activity.name)
                if activity
                else ("fa-envelope-o", message.subject or self.env._("Message"))
                if written
                else ("fa-sticky-note-o", message.subject or self.env._("Note"))
            )
            yield (
                message.id,
                {
                    "icon": icon,
                    "title": title,
                    "text": text[:EXCERPT],
                    "whole": text if len(text) > EXCERPT else "",
                    "user": message.author_id.name or message.email_from or "",
                    "model": message.model,
                    "id": message.res_id,
                },
            )

    def _day(self, day):
        return format_date(self.env, day)
