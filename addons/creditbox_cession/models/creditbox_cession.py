from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# what may be written while it is being prepared
DRAFTED = {
    "company_id",
    "date_deed",
    "instructions",
    "kind",
    "line_ids",
    "note",
    "partner_id",
    "price",
    "user_id",
}
# what only buttons write
SYSTEM = {
    "date_assigned",
    "date_notice",
    "last_line",
    "move_ids",
    "name",
    "receipt_ids",
    "state",
}


class CreditboxCession(models.Model):
    """Bills that are assigned to somebody else, for a price (c.c. art. 1260).

    draft → assigned → closed. Without recourse the assignee bears the loss: the bills
    are closed by entries against him, the discount is a loss. With recourse they stay
    in the accounts, since the company still answers for them. Either way they leave
    the action table; what debtors pay to the company all the same is to be turned over.
    """

    _name = "creditbox.cession"
    _description = "Assignment of Credit"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Assignee", check_company=True, tracking=True, index=True
    )
    kind = fields.Selection(
        [
            ("without", "Without recourse (pro soluto)"),
            ("with", "With recourse (pro solvendo)"),
        ],
        required=True,
        default="without",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="In charge",
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False)]",
    )
    date_deed = fields.Date(string="Date of the deed")
    price = fields.Monetary(
        tracking=True, help="Of all bills; each gets its share by what is open of it."
    )
    discount = fields.Monetary(compute="_compute_discount")
    instructions = fields.Text(
        string="How debtors pay the assignee",
        help="Bank account, references… Printed on the notices.",
    )
    note = fields.Text(string="Notes")
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("assigned", "Assigned"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "creditbox.cession.line", "cession_id", string="Bills", copy=False
    )
    line_count = fields.Integer(string="Number of bills", compute="_compute_totals")
    customer_count = fields.Integer(string="Customers", compute="_compute_totals")
    amount = fields.Monetary(
        string="Nominal", compute="_compute_totals", help="Of the bills not returned."
    )
    date_assigned = fields.Date(string="Assigned on", readonly=True, copy=False)
    date_notice = fields.Date(string="Notices made on", readonly=True, copy=False)
    last_line = fields.Integer(
        readonly=True, copy=False, help="Last journal item before the assignment."
    )
    move_ids = fields.One2many(
        "account.move", "creditbox_cession_id", string="Entries", readonly=True
    )
    receipt_ids = fields.One2many(
        "creditbox.cession.receipt", "cession_id", string="Received", readonly=True
    )
    amount_to_turn_over = fields.Monetary(
        string="To turn over", compute="_compute_amount_to_turn_over"
    )

    _price_check = models.Constraint("CHECK(price >= 0)", "A price is not negative.")

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    @api.depends("amount", "price")
    def _compute_discount(self):
        for cession in self:
            cession.discount = cession.amount - cession.price

    @api.depends("line_ids.amount", "line_ids.state")
    def _compute_totals(self):
        groups = self.env["creditbox.cession.line"]._read_group(
            [("cession_id", "in", self.ids), ("state", "!=", "returned")],
            ["cession_id"],
            ["__count", "amount:sum", "partner_id:count_distinct"],
        )
        totals = {cession: figures for cession, *figures in groups}
        for cession in self:
            figures = totals.get(cession._origin, (0, 0, 0))
            cession.line_count, cession.amount, cession.customer_count = figures

    @api.depends("receipt_ids.amount", "receipt_ids.state")
    def _compute_amount_to_turn_over(self):
        sums = dict(
            self.env["creditbox.cession.receipt"]._read_group(
                [("cession_id", "in", self.ids), ("state", "=", "received")],
                ["cession_id"],
                ["amount:sum"],
            )
        )
        for cession in self:
            cession.amount_to_turn_over = sums.get(cession._origin, 0)

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for cession in self:
            parts = (cession.name, cession.partner_id.name)
            cession.display_name = " – ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_system(vals)
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    def write(self, vals):
        """
        :raises UserError: somebody changes what has been agreed
        """
        self._check_is_system(vals)
        frozen = not DRAFTED.isdisjoint(vals) and not self.env.su
        if frozen and self.filtered(lambda cession: cession.state != "draft"):
            raise UserError(self.env._("What has been assigned stays as it is."))
        return super().write(vals)

    def _check_is_system(self, vals):
        """
        :raises AccessError: somebody writes what only the buttons do
        """
        if not self.env.su and not SYSTEM.isdisjoint(vals):
            raise AccessError(
                self.env._("What becomes of an assignment is not entered.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        if self.filtered(lambda cession: cession.state != "draft"):
            raise UserError(self.env._("What has been assigned is kept."))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(lambda cession: cession.state not in states)
        if wrong:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(name)s is in state «%(state)s».",
                        name=cession.name,
                        state=labels[cession.state],
                    )
                    for cession in wrong
                )
            )

    def action_open_lines(self):
        """:return: window action of the bills"""
        return self._open("creditbox_cession_line_action")

    def action_open_receipts(self):
        """:return: window action of what was received"""
        return self._open("creditbox_cession_receipt_action")

    def _open(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"creditbox_cession.{name}"
        )
        return {**action, "domain": [("cession_id", "in", self.ids)], "context": {}}
