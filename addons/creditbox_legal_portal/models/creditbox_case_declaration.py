from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

HOLD_DAYS = 180  # as long as nobody answers; released by the answer
CHANNELS = [
    ("cash", "Cash"),
    ("cheque", "Cheque"),
    ("transfer", "Bank transfer"),
    ("post", "Post office"),
    ("card", "Card"),
    ("other", "Other"),
]


class CreditboxCaseDeclaration(models.Model):
    """What whoever has a case says to have collected.

    It is no payment yet: the office books it, and the payment closes bills and earns
    the fee, or refuses it with a reason. Until then nobody else asks for the money.
    """

    _name = "creditbox.case.declaration"
    _description = "Collection Declared by a Lawyer or Agency"
    _inherit = ["creditbox.guarded"]
    _order = "id desc"

    case_id = fields.Many2one(
        "creditbox.case", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="case_id.partner_id", string="Customer", store=True, precompute=True
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Lawyer or agency",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Declared by", required=True, readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True)
    date = fields.Date(string="Collected on", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    reference = fields.Char(readonly=True, help="CRO, number of the receipt…")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Receipt", readonly=True, ondelete="restrict"
    )
    upload_id = fields.Many2one(
        "creditbox.case.upload",
        string="From the file",
        readonly=True,
        index="btree_not_null",
    )
    hold_ids = fields.One2many(
        "creditbox.hold", "case_declaration_id", string="Holds", readonly=True
    )
    state = fields.Selection(
        [("declared", "To be booked"), ("booked", "Booked"), ("refused", "Refused")],
        required=True,
        default="declared",
        readonly=True,
        index=True,
    )
    refusal = fields.Text(
        string="Why refused",
        help="Whoever declared it reads it. Write it before refusing.",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null"
    )

    _amount_check = models.Constraint(
        "CHECK(amount > 0)", "The amount collected must be more than zero."
    )

    @api.depends("case_id", "amount")
    def _compute_display_name(self):
        for record in self:
            amount = format_amount(self.env, record.amount, record.currency_id)
            record.display_name = f"{record.case_id.name}: {amount}"

    def write(self, vals):
        if not self.env.su and vals.keys() - {"refusal"}:
            raise AccessError(self.env._("What was declared is not changed."))
        return super().write(vals)

    # -- what may be declared ------------------------------------------------------

    @api.model
    def _problems(self, rows):
        """Why each of these collections cannot be taken, locking their cases.

        The number of queries does not grow with the rows.

        :param rows: list of {case, amount, date, channel, reference}, of one user
        :return: list of (field, message), None where nothing is wrong
        """
        cases = self.env["creditbox.case"].union(*(row["case"] for row in rows))
        if not cases:
            return []
        cases._lock()
        left = {case: case.amount_claim - case.amount_declared for case in cases}
        known = self._known(cases)
        found = []
        for row in rows:
            problem = self._problem(row, left[row["case"]], known)
            if not problem:
                left[row["case"]] -= row["amount"]
                known.add(self._key(row["case"], row))
            found.append(problem)
        return found

    def _known(self, cases):
        declared = self.search(
            [("case_id", "in", cases.ids), ("state", "!=", "refused")]
        )
        return {self._key(one.case_id, one) for one in declared}

    def _key(self, case, row):
        """The same money is declared once."""
        amount = case.currency_id.round(row["amount"])
        return case.id, row["date"], amount, (row["reference"] or "").casefold()

    def _problem(self, row, left, known):
        case, env = row["case"], self.env
        today = case.company_id._creditbox_today()
        if case.state != "accepted":
            return "case", env._("Accept the case first.")
        if case.currency_id.compare_amounts(row["amount"], 0) <= 0:
            return "amount", env._("Write how much was collected.")
        if not case.date_assigned <= row["date"] <= today:
            return "date", env._(
                "The day must be between %(first)s, when you were given the case, and"
                " today.",
                first=format_date(env, case.date_assigned),
            )
        if self._key(case, row) in known:
            return "amount", env._(
                "This has been declared already: same case, day, amount and reference."
            )
        if case.currency_id.compare_amounts(row["amount"], left) > 0:
            return "amount", env._(
                "This is more than is due: %s.",
                format_amount(env, max(left, 0), case.currency_id),
            )
        return None

    # -- taken ---------------------------------------------------------------------

    @api.model
    def _declare(self, user, row, receipt=None):
        """Take one collection.

        :param row: see ``_problems``
        :param receipt: upload.Upload or None
        :return: creditbox.case.declaration
        :raises UserError: it cannot be taken, in words for whoever declares it
        """
        (problem,) = self._problems([row])
        if problem:
            raise UserError(problem[1])
        declaration = self._take(user, [row])
        if receipt:
            declaration.attachment_id = self.env["ir.attachment"].create(
                {
                    "name": receipt.name,
                    "raw": receipt.content,
                    "mimetype": receipt.mimetype,
                    "res_model": self._name,
                    "res_id": declaration.id,
                }
            )
        return declaration

    @api.model
    def _take(self, user, rows, upload=None):
        """Keep what was found good, hold the bills, tell the office.

        :return: creditbox.case.declaration, in the order of the rows
        """
        declarations = self.create(
            [
                {
                    "case_id": row["case"].id,
                    "provider_id": row["case"].provider_id.id,
                    "user_id": user.id,
                    "upload_id": upload and upload.id,
                    **{
                        name: row[name]
                        for name in ("amount", "date", "channel", "reference")
                    },
                }
                for row in rows
            ]
        )
        declarations._hold()
        declarations._log_declared(user)
        declarations.case_id._case_ask_office(
            "creditbox_legal_portal.mail_activity_type_declared"
        )
        return declarations

    def _log_declared(self, user):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        bodies = {}
        for case, declared in self.grouped("case_id").items():
            bodies[case.id] = "; ".join(
                self.env._(
                    "%(user)s declares to have collected %(amount)s on %(day)s"
                    " (%(channel)s)",
                    user=user.sudo().name,
                    amount=format_amount(self.env, one.amount, one.currency_id),
                    day=format_date(self.env, one.date),
                    channel=channels[one.channel],
                )
                for one in declared
            )
        self.case_id._message_log_batch(bodies=bodies)

    def _hold(self):
        """Hold the bills of the cases that the money will cover, the oldest first."""
        reason = self.env.ref("creditbox_legal_portal.hold_reason_collected")
        days = min(HOLD_DAYS, (reason.max_days or HOLD_DAYS + 1) - 1)
        vals_list = []
        for case, declared in self.grouped("case_id").items():
            today = case.company_id._creditbox_today()
            # the caller has locked the case: no other is made meanwhile
            passed = case.amount_declared - sum(declared.mapped("amount"))
            for one in declared.sorted("id"):
                vals_list += [
                    {
                        "level": "bill",
                        "move_id": line.move_id.id,
                        "company_id": case.company_id.id,
                        "reason_id": reason.id,
                        "user_id": case._case_office().id,
                        "date_from": today,
                        "date_to": today + timedelta(days=days),
                        "note": one.display_name,
                        "case_declaration_id": one.id,
                    }
                    for line in one._covered(passed)
                ]
                passed += one.amount
        self.env["creditbox.hold"].create(vals_list)

    def _covered(self, passed):
        """The bills that this money covers, wholly or in part.

        :param passed: float, declared before it and not booked yet
        :return: creditbox.case.line
        """
        first, last = passed, passed + self.amount
        covered = self.env["creditbox.case.line"]
        reached = 0
        for line in self.case_id.line_ids.sorted(lambda line: (line.date_due, line.id)):
            start, reached = reached, reached + max(line.amount_residual, 0)
            if line.live and start < last and reached > first:
                covered |= line
        return covered
