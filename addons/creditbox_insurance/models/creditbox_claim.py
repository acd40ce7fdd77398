from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditboxClaim(models.Model):
    """A loss that an insurer is asked to pay: declared bills of one customer.

    draft → submitted → recognised → collected, or refused. Nobody writes claims, only
    buttons do. The bills stay in the action table: the debtor is still asked to pay.
    """

    _name = "creditbox.claim"
    _description = "Claim on an Insurer"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        "creditbox.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    provider_id = fields.Many2one(related="policy_id.provider_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="In charge", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("submitted", "Submitted"),
            ("recognised", "Recognised"),
            ("collected", "Collected"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    line_ids = fields.One2many(
        "creditbox.declaration.line", "claim_id", string="Bills", readonly=True
    )
    date_submitted = fields.Date(string="Submitted on", readonly=True)
    amount_claimed = fields.Monetary(
        string="Claimed", readonly=True, help="Open amount of the bills on that day."
    )
    amount_expected = fields.Monetary(
        string="Expected",
        readonly=True,
        help="Insured part of what is claimed, less the deductible.",
    )
    date_recognised = fields.Date(string="Answered on", readonly=True)
    amount_recognised = fields.Monetary(string="Recognised", readonly=True)
    answer = fields.Text(string="Answer of the insurer", readonly=True)
    date_collected = fields.Date(string="Collected on", readonly=True)
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True, index=True)
    move_ids = fields.Many2many(
        "account.move",
        string="Entries",
        readonly=True,
        help="That close the customer's bills by what the insurer paid.",
    )
    amount_open = fields.Monetary(
        string="Still open", compute="_compute_amount_open", help="Of these bills, now."
    )
    writeoff_ids = fields.Many2many(
        "creditbox.writeoff", compute="_compute_writeoff_ids", string="Write-offs"
    )

    @api.depends("line_ids.amount_residual")
    def _compute_amount_open(self):
        for claim in self:
            claim.amount_open = sum(claim.line_ids.mapped("amount_residual"))

    def _compute_writeoff_ids(self):
        lines = self.env["creditbox.writeoff.line"].search(
            [("move_line_id", "in", self.line_ids.move_line_id.ids)]
        )
        for claim in self:
            own = claim.line_ids.move_line_id
            claim.writeoff_ids = lines.filtered(
                lambda line, own=own: line.move_line_id in own
            ).writeoff_id

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Claims are kept: cancel it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    @api.model
    def _claim(self, lines):
        """Prepare claims: one for each customer and policy.

        :param lines: creditbox.declaration.line that may be claimed
        :return: creditbox.claim
        """
        groups = lines.grouped(lambda line: (line.policy_id, line.partner_id))
        # nobody writes claims: the button has asked who
        claims = self.sudo().create(
            [
                {
                    "company_id": policy.company_id.id,
                    "policy_id": policy.id,
                    "partner_id": partner.id,
                    "user_id": self.env.uid,
                    "line_ids": [Command.set(own.ids)],
                }
                for (policy, partner), own in groups.items()
            ]
        )
        claims._measure()
        return claims.sudo(False)

    def _measure(self):
        """Write what is claimed: what of the bills is open now, and its insured part.

        As much as was insured of a bill when it was declared, in proportion.
        """
        for claim in self:
            insured = 0
            for line in claim.line_ids.filtered("amount"):
                share = min(line.amount_residual / line.amount, 1)
                insured += line.amount_insured * share
            claim.amount_claimed = claim.amount_open
            claim.amount_expected = claim.policy_id._expected(insured)

    def _window(self):
        """:return: window action of these claims"""
        return self._get_records_action(name=self.env._("Claims"))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda claim: claim.state not in states)
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is in state «%(state)s».",
                        name=claim.name,
                        state=labels[claim.state],
                    )
                    for claim in wrong
                )
            )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_submit(self):
        """The claim has been sent to the insurer."""
        self._require("creditbox_base.group_operator")
        self._check_state("draft")
        claims = self.sudo()  # the button has asked who
        claims._measure()
        paid = claims.filtered(
            lambda claim: claim.currency_id.is_zero(claim.amount_claimed)
        )
        if paid:
            raise UserError(
                self.env._(
                    "Nothing is open any more: %s", ", ".join(paid.mapped("name"))
                )
            )
        for company, own in claims.grouped("company_id").items():
            own.write(
                {"state": "submitted", "date_submitted": company._creditbox_today()}
            )

    def action_answer(self):
        """:return: window for the answer of the insurer"""
        self._require("creditbox_base.group_operator")
        self._check_state("submitted", "recognised")
        return self._window_of("creditbox.claim.answer", self.env._("Answer"))

    def action_collect(self):
        """:return: window for the payment of the insurer"""
        self._require("creditbox_base.group_supervisor")
        self._check_state("recognised")
        return self._window_of("creditbox.claim.collect", self.env._("Collect"))

    def _window_of(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def action_cancel(self):
        """Nothing is claimed: the bills may be claimed again later."""
        self._require("creditbox_base.group_supervisor")
        self._check_state("draft", "submitted", "refused")
        claims = self.sudo()  # the button has asked who
        claims.line_ids.claim_id = False
        claims.state = "cancelled"

    def action_debt_file(self):
        """Make the documents that the insurer wants; the claims note it.

        :return: window action of the debt files
        """
        positions = self.env["creditbox.position"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        window = self.env["creditbox.debt.file"]._ask(positions)
        body = self.env._("Debt file made for %s", self.env.user.name)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return window

    def action_open_payment(self):
        """:return: window action of the insurer's payment"""
        self.ensure_one()
        return self.payment_id.get_formview_action()

    def action_open_writeoffs(self):
        """:return: window action of the write-offs of these bills"""
        return self.writeoff_ids._get_records_action(name=self.env._("Write-offs"))
