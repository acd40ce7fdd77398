from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class CreditboxDeclaration(models.Model):
    """Overdue bills that an insurer was told of on a day, with the file that says so.

    Nobody writes it. One made by mistake is cancelled, and its bills are to be declared
    again.
    """

    _name = "creditbox.declaration"
    _description = "Declaration to an Insurer"
    _inherit = ["mail.thread", "creditbox.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True, default="/")
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
    date = fields.Date(string="Declared on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Declared by", readonly=True)
    line_ids = fields.One2many(
        "creditbox.declaration.line", "declaration_id", string="Bills", readonly=True
    )
    count = fields.Integer(string="Number of bills", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    amount = fields.Monetary(string="Declared", readonly=True)
    amount_late = fields.Monetary(
        string="At risk",
        readonly=True,
        help="Insured part of what was declared after its term.",
    )
    state = fields.Selection(
        [("declared", "Declared"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="declared",
        tracking=True,
    )
    file = fields.Binary(readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Declarations are kept: cancel it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    @api.model
    def _declare(self, bills):
        """Declare bills to their insurers: one declaration, with its file, a policy.

        Each customer's chatter says so.

        :param bills: creditbox.insured.bill
        :return: creditbox.declaration
        """
        groups = bills.grouped("policy_id")
        # nobody writes declarations: the button has asked who
        declarations = self.sudo().create(
            [group._declaration_values(policy) for policy, group in groups.items()]
        )
        for declaration in declarations:
            declaration._sum_up()
            declaration._make_file()
            declaration._log_on_customers()
        bills.invalidate_model()
        return declarations.sudo(False)

    def _sum_up(self):
        late = self.line_ids.filtered("late")
        self.write(
            {
                "count": len(self.line_ids),
                "late_count": len(late),
                "amount": sum(self.line_ids.mapped("amount")),
                "amount_late": sum(late.mapped("amount_insured")),
            }
        )

    def _log_on_customers(self):
        customers = self.line_ids.grouped("partner_id")
        partners = self.env["res.partner"].union(*customers)
        partners._message_log_batch(
            bodies={
                partner.id: self.env._(
                    "%(declaration)s: %(count)s overdue bills declared to "
                    "%(insurer)s: %(amount)s",
                    declaration=self.name,
                    count=len(lines),
                    insurer=self.provider_id.name,
                    amount=format_amount(
                        self.env, sum(lines.mapped("amount")), self.currency_id
                    ),
                )
                for partner, lines in customers.items()
            }
        )

    def _window(self):
        """:return: window action of these declarations"""
        return self._get_records_action(name=self.env._("Declarations"))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_download(self):
        """:return: action that downloads the file for the insurer"""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}"
            "?download=true",
            "target": "self",
        }

    def action_cancel(self):
        """It was not sent: its bills are to be declared again.

        :raises UserError: something of it is claimed
        """
        self._require("creditbox_base.group_supervisor")
        claimed = self.line_ids.claim_id
        if claimed:
            raise UserError(
                self.env._(
                    "Cancel these claims first: %s", ", ".join(claimed.mapped("name"))
                )
            )
        declarations = self.sudo()  # the button has asked who
        declarations.line_ids.live = False
        declarations.state = "cancelled"
