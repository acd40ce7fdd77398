import hashlib

from odoo import api, fields, models
from odoo.fields import Domain

from .sms_sms import BAD_NUMBER

OUTCOMES = [
    ("pending", "Not known yet"),
    ("delivered", "Delivered"),
    ("failed", "Not delivered"),
]


class CreditboxSmsReceipt(models.Model):
    """What became of one SMS, as its gateway reports it.

    A receipt that names an SMS of ours in words that we know works at once. Anything
    else waits for somebody; nothing is thrown away.
    """

    _name = "creditbox.sms.receipt"
    _inherit = ["creditbox.guarded"]
    _description = "Delivery Receipt of an SMS"
    _order = "id desc"
    _rec_name = "reference"

    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Gateway",
        readonly=True,
        index="btree_not_null",
        help="Empty: Odoo's own service.",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    action_id = fields.Many2one(
        "creditbox.action", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    state = fields.Selection(
        [
            ("open", "To be handled"),
            ("matched", "Matched"),
            ("handled", "Handled"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(string="Why by hand", readonly=True)
    date = fields.Datetime(string="Received on", required=True, readonly=True)
    date_reported = fields.Datetime(
        string="Time of the outcome", readonly=True, help="As the gateway says."
    )
    reference = fields.Char(
        readonly=True, index="btree_not_null", help="Our number of the SMS."
    )
    word = fields.Char(readonly=True, help="What the gateway says.")
    error = fields.Char(readonly=True)
    payload = fields.Text(string="As it came", readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)

    _fingerprint_uniq = models.UniqueIndex(
        "(COALESCE(provider_id, 0), fingerprint)", "This receipt is already there."
    )
    _open_idx = models.Index("(company_id) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # from the gateway
    # ------------------------------------------------------------------
    @api.model
    def _take_over(self, provider, vals_list):
        """Keep what a gateway reports, and let it work. The same again: nothing.

        :param provider: creditbox.provider, empty for Odoo's own service
        :param vals_list: dicts with reference, word, error, date_reported, payload
        :return: recordset of the new ones; those that say «not known yet» of an SMS
            of ours are not kept
        """
        found = {self._fingerprint(values): values for values in vals_list}
        known = self.search(
            [
                ("provider_id", "=", provider.id),
                ("fingerprint", "in", list(found)),
            ]
        )
        for fingerprint in known.mapped("fingerprint"):
            del found[fingerprint]
        actions = self._actions_of(provider, [v["reference"] for v in found.values()])
        vals_list = [
            {
                **values,
                **self._meaning(provider, values, actions),
                "fingerprint": fingerprint,
                "provider_id": provider.id,
                "date": fields.Datetime.now(),
            }
            for fingerprint, values in found.items()
        ]
        # a process was killed while sending: the gateway knows that it has left
        named = self.env["creditbox.action"].union(*actions.values())
        named._settle_sent()
        receipts = self.create([v for v in vals_list if not self._says_nothing(v)])
        receipts._work()
        return receipts

    @api.model
    def _keep_unreadable(self, provider, payload, reason):
        """Put by a request that is signed, but cannot be read."""
        fingerprint = hashlib.sha256(payload.encode()).hexdigest()
        known = [("provider_id", "=", provider.id), ("fingerprint", "=", fingerprint)]
        return self.search(known) or self.create(
            {
                "provider_id": provider.id,
                "company_id": provider.company_id.id,
                "state": "open",
                "reason": reason,
                "payload": payload,
                "date": fields.Datetime.now(),
                "fingerprint": fingerprint,
            }
        )

    @api.model
    def _fingerprint(self, values):
        names = ("reference", "word", "error", "date_reported")
        says = repr([str(values.get(name) or "") for name in names])
        return hashlib.sha256(says.encode()).hexdigest()

    def _speaking(self, company):
        """A gateway of the group reports to companies of several languages."""
        return self.with_context(lang=company.partner_id.lang or self.env.lang)

    @api.model
    def _says_nothing(self, values):
        return values["outcome"] == "pending" and values["state"] == "matched"

    @api.model
    def _actions_of(self, provider, references):
        """Only SMS that this very gateway has sent: it speaks for no other.

        :return: {reference, ours or the gateway's own: creditbox.action}
        """
        named = [reference for reference in references if reference]
        messages = self.env["sms.sms"].search(
            Domain("creditbox_action_id.provider_id", "=", provider.id)
            & (
                Domain("uuid", "in", named)
                | Domain("creditbox_gateway_number", "in", named)
            )
        )
        found = {
            message.creditbox_gateway_number: message.creditbox_action_id
            for message in messages.sorted("id")  # numbers may begin anew: the last
            if message.creditbox_gateway_number
        }
        return found | {
            message.uuid: message.creditbox_action_id for message in messages
        }

    @api.model
    def _meaning(self, provider, values, actions):
        """:return: values that say what a receipt is about, and what it says"""
        action = actions.get(values["reference"], self.env["creditbox.action"])
        speaking = self._speaking(action.company_id)
        outcome = values.get("outcome") or provider._sms_outcome(values["word"])
        reason = False
        if not action:
            reason = speaking.env._("No SMS of ours has this reference")
        elif not outcome:
            reason = speaking.env._(
                "Nobody has said on the gateway's page what «%s» means", values["word"]
            )
        return {
            "action_id": action.id,
            "partner_id": action.partner_id.id,
            "company_id": (action.company_id or provider.company_id).id,
            "outcome": outcome,
            "state": "open" if reason else "matched",
            "reason": reason,
        }

    # ------------------------------------------------------------------
    # what receipts do
    # ------------------------------------------------------------------
    def _work(self):
        """Let the receipts do what they say, failures first: delivered is the last."""
        matched = self.filtered(lambda receipt: receipt.state == "matched")
        by_outcome = matched.grouped("outcome")
        for receipt in by_outcome.get("failed", []):
            receipt._work_failed()
        for receipt in by_outcome.get("delivered", []):
            receipt._work_delivered()

    def _work_failed(self):
        words = list(dict.fromkeys(filter(None, (self.word, self.error))))
        wrong = (
            self.provider_id._sms_is_wrong_number(words)
            if self.provider_id
            else self.word in BAD_NUMBER
        )
        speaking = self._speaking(self.company_id)
        reason = speaking.env._("SMS not delivered: %s", ", ".join(words))
        failed = self.action_id._joined()._receipt_failed(reason, wrong)
        failed.sudo().sms_ids.write({"state": "error", "failure_type": "unknown"})

    def _work_delivered(self):
        if self.action_id._joined()._receipt_delivered(self._day()):
            speaking = self._speaking(self.company_id)
            too_late = speaking.env._("Delivered after it was given up, and replaced")
            self.sudo().write({"state": "open", "reason": too_late})
        self.action_id.sudo().sms_ids.write({"state": "sent", "failure_type": False})

    def _day(self):
        """Day of the delivery where the company is.

        :return: datetime.date, never before it was sent nor in the future: clocks of
            gateways may be wrong
        """
        company = self.action_id.company_id
        moment = self.date_reported or self.date
        day = company._creditbox_local(moment).date()
        sent = self.action_id.date_done or day
        return min(max(day, sent), company._creditbox_today())

    # ------------------------------------------------------------------
    # by hand
    # ------------------------------------------------------------------
    def action_again(self):
        """Look again at what waits: the words may be known by now."""
        self._require("creditbox_base.group_operator")
        self.sudo()._work_again()

    @api.model
    def _look_again(self, references):
        """Messages are known now that receipts may have spoken of before."""
        self.search(
            [("state", "=", "open"), ("reference", "in", references)]
        )._work_again()

    def _work_again(self):
        waiting = self.filtered(lambda receipt: receipt.state == "open")
        for provider, receipts in waiting.grouped("provider_id").items():
            actions = self._actions_of(provider, receipts.mapped("reference"))
            for receipt in receipts:
                values = {
                    "reference": receipt.reference,
                    "word": receipt.word or "",
                    "outcome": not provider and receipt.outcome,
                }
                receipt.write(receipt._meaning(provider, values, actions))
        waiting._work()

    def action_handled(self):
        """Somebody has dealt with the receipts; they change nothing."""
        self._require("creditbox_base.group_operator")
        self.filtered(lambda receipt: receipt.state == "open").sudo().state = "handled"
