"""The page's timeline: everything that has happened, newest first, page by page.

One statement finds which events come; what they say is read through the ORM, kind by
kind, so that nobody sees a record that he may not see.
"""

from odoo import api, models
from odoo.tools import SQL, format_date, html2plaintext

from odoo.addons.creditbox_dunning.models.creditbox_rule import WRITING_CODES

PAGE = 25
EXCERPT = 180
# what can be filtered: the kinds of event under each
FILTERS = {
    "money": ("bill", "payment"),
    "messages": ("message", "reply", "mailing"),
    "calls": ("call",),
    "steps": ("message", "action"),
    "promises": ("promise", "hold"),
    "meters": ("meter",),
    "notes": ("note",),
}
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

    @api.model
    def get_timeline(self, partner_id, company_id, filter_name=False, offset=0):
        """Return a page of what has happened with the customer in the company.

        :param filter_name: key of FILTERS, False for everything
        :param offset: number of events to leave out, the newest first
        :return: dict: ``events``, a list of dicts (kind, icon, date, title, text,
            amount, state, style, user, model, id), and ``more``: are there others?
        """
        partner, company = self._customer(partner_id, company_id)
        self.env.flush_all()
        kinds = FILTERS.get(filter_name) or ()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind, id, moment
                  FROM (%(events)s) AS event
                 WHERE %(anything)s OR kind = ANY(%(kinds)s)
                 ORDER BY moment DESC, kind, id DESC
                 LIMIT %(limit)s OFFSET %(offset)s
                """,
                events=self._sql_events(partner, company),
                anything=not kinds,
                kinds=list(kinds),
                limit=PAGE + 1,
                offset=offset,
            )
        )
        shown = rows[:PAGE]
        told = {}
        for kind in {kind for kind, *_rest in shown}:
            ids = [id_ for found, id_, _moment in shown if found == kind]
            told |= self._tell(kind, ids)
        events = [
            {"kind": kind, "date": moment, **told[kind, id_]}
            for kind, id_, moment in shown
            if (kind, id_) in told
        ]
        return {
            "events": [self._plain(event) for event in events],
            "more": len(rows) > PAGE,
        }

    def _tell(self, kind, ids):
        """:return: {(kind, id): what it says}, of the records that may be seen"""
        method = f"_tell_{'action' if kind == 'message' else kind}"
        method = {"reply": "_tell_note"}.get(kind, method)
        return {
            (kind, id_): event for id_, event in getattr(self, method)(ids) if event
        }

    def _readable(self, model, ids):
        return self.env[model].browse(ids)._filtered_access("read")

    # -- which events --------------------------------------------------------------

    def _sql_events(self, partner, company):
        """:return: SQL of the columns (kind, id, moment) of all events"""
        return SQL(" UNION ALL ").join(self._sql_sources(partner, company))

    def _sql_sources(self, partner, company):
        """Yield the statements of all sources; other addons add theirs."""
        ids = {"partner": partner.id, "company": company.id}
        yield SQL(
            """SELECT 'bill' AS kind, id, invoice_date::timestamp AS moment
                 FROM account_move
                WHERE partner_id IN (SELECT id FROM res_partner
                                      WHERE commercial_partner_id = %(partner)s)
                  AND company_id = %(company)s AND state = 'posted'
                  AND move_type IN ('out_invoice', 'out_refund')
            """,
            **ids,
        )
        yield self._sql_payments(partner, company)
        yield SQL(
            """SELECT CASE WHEN code IN %(writing)s THEN 'message' ELSE 'action' END,
                      id, COALESCE(date_done, date_planned)::timestamp
                 FROM creditbox_action
                WHERE position_id IN (SELECT id FROM creditbox_position
                                       WHERE partner_id = %(partner)s
                                         AND company_id = %(company)s)
                  AND (state <> 'planned' OR exception IS NOT NULL)
            """,
            writing=WRITING_CODES,
            **ids,
        )
        yield SQL(
            """SELECT 'mailing', id, write_date FROM creditbox_mailing_recipient
                WHERE partner_id = %(partner)s AND company_id = %(company)s
                  AND state IN ('queued', 'done', 'failed')""",
            **ids,
        )
        yield SQL(
            """SELECT 'hold', id, create_date FROM creditbox_hold
                WHERE customer_id = %(partner)s AND company_id = %(company)s
                  AND promise_id IS NULL""",
            **ids,
        )
        yield SQL(
            """SELECT 'promise', id, create_date FROM creditbox_promise
                WHERE partner_id = %(partner)s AND company_id = %(company)s""",
            **ids,
        )
        yield SQL(
            """SELECT 'call', id, date FROM creditbox_call
                WHERE partner_id = %(partner)s AND company_id = %(company)s""",
            **ids,
        )
        yield SQL(
            """SELECT 'meter', history.id, history.date::timestamp
                 FROM creditbox_supply AS supply
                 JOIN creditbox_meter_state_history AS history
                   ON history.meter_id = supply.meter_id
                WHERE supply.partner_id = %(partner)s
                  AND supply.company_id = %(company)s
                  AND history.date >= COALESCE(supply.date_start, history.date)""",
            **ids,
        )
        yield from self._sql_messages(partner, company)

    def _sql_payments(self, partner, company):
        accounts = self.env["creditbox.position"]._receivable_accounts(company).ids
        return SQL(
            """SELECT 'payment', line.id, line.date::timestamp
                 FROM account_move_line AS line
                 JOIN res_partner AS partner ON partner.id = line.partner_id
                 JOIN account_move AS move ON move.id = line.move_id
                WHERE partner.commercial_partner_id = %s AND line.company_id = %s
                  AND line.account_id = ANY(%s) AND line.parent_state = 'posted'
                  AND line.balance < 0 AND move.move_type = 'entry'""",
            partner.id,
            company.id,
            accounts,
        )

    def _sql_messages(self, partner, company):
        """Notes and mails on the customer (if he is of this company alone), his
        positions and promises, without the texts of actions and mailings."""
        positions = SQL(
            "(SELECT id FROM creditbox_position WHERE partner_id = %s"
            " AND company_id = %s)",
            partner.id,
            company.id,
        )
        places = [("creditbox.position", positions)]
        if partner.company_id == company:
            places.append(("res.partner", SQL("(%s)", partner.id)))
        for model, ids in places:
            yield SQL(
                """SELECT CASE WHEN m.message_type = 'email' THEN 'reply'
                               ELSE 'note' END, m.id, m.date
                     FROM mail_message AS m
                    WHERE m.model = %s AND m.res_id IN %s
                      AND m.body IS NOT NULL AND m.body NOT IN ('', '<p></p>')
                      AND m.message_type <> 'user_notification'
                      AND NOT EXISTS (SELECT FROM creditbox_action AS a
                                       WHERE a.message_id = m.id)
                      AND NOT EXISTS (SELECT FROM creditbox_mailing_recipient AS r
                                       WHERE r.message_id = m.id)""",
                model,
                ids,
            )

    # -- what they say -------------------------------------------------------------

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
