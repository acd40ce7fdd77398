from odoo import api, fields, models
from odoo.exceptions import UserError

# made while the user waits; more of them in the background
AT_ONCE = 3
MAX_CUSTOMERS = 2_000


class CreditboxDebtFile(models.Model):
    """All that proves what a customer owes a company, as it was at one moment.

    A ZIP with each document, the list of their SHA-256 sums, and one PDF with an index.
    Nobody writes it; it goes after the company's number of days.
    """

    _name = "creditbox.debt.file"
    _description = "Debt File"
    _inherit = ["creditbox.guarded"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    position_ids = fields.Many2many("creditbox.position", readonly=True)
    whole = fields.Boolean(
        string="All of the customer",
        readonly=True,
        help="All positions that the customer had with the company.",
    )
    lot_id = fields.Many2one(
        "creditbox.debt.file.lot",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", string="Asked for by", readonly=True)
    state = fields.Selection(
        [("waiting", "Being made"), ("made", "Made"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="waiting",
    )
    date_made = fields.Datetime(string="Made on", readonly=True)
    date_expiry = fields.Date(string="Kept until", readonly=True, index=True)
    document_count = fields.Integer(string="Documents", readonly=True)
    size = fields.Integer(string="Size of the ZIP", readonly=True, aggregator=None)
    sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True)
    error = fields.Char(readonly=True)
    zip = fields.Binary(string="ZIP", readonly=True, attachment=True)
    zip_name = fields.Char(compute="_compute_names")
    pdf = fields.Binary(string="PDF", readonly=True, attachment=True)
    pdf_name = fields.Char(compute="_compute_names")

    @api.depends("name", "partner_id")
    def _compute_names(self):
        for file in self:
            stem = file._stem()
            file.zip_name, file.pdf_name = f"{stem}.zip", f"{stem}.pdf"

    def _stem(self):
        """:return: str, the beginning of the names of its files"""
        who = self.partner_id.creditbox_code or self.partner_id.name or ""
        return f"{self.name} {who}".replace("/", "-")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["name"] = sequence.next_by_code(self._name)
        return super().create(vals_list)

    # ------------------------------------------------------------------
    # asking
    # ------------------------------------------------------------------
    @api.model
    def _ask(self, positions):
        """Ask for the debt files of positions: one for each customer and company.

        A few are made at once, more of them in the background, in lots.

        :param positions: creditbox.position that the user may see
        :return: window action of the files, or of the lots
        :raises UserError: none, or too many
        """
        self._require("creditbox_base.group_operator")
        positions.check_access("read")
        positions.partner_id.check_access("read")
        groups = positions.grouped(lambda p: (p.company_id, p.partner_id))
        if not groups:
            raise UserError(self.env._("There is no position to make a debt file of."))
        if len(groups) > MAX_CUSTOMERS:
            raise UserError(
                self.env._("Choose at most %s customers at a time.", MAX_CUSTOMERS)
            )
        files = self.sudo().create(self._values_of(groups))  # nobody writes them
        if len(files) > AT_ONCE:
            lots = self.env["creditbox.debt.file.lot"]._gather(files)
            return lots._window()
        for file in files:
            file._make()
        return files.sudo(False)._window()

    def _values_of(self, groups):
        """:param groups: {(company, customer): positions}
        :return: list of values of creditbox.debt.file
        """
        partners = self.env["res.partner"].union(*(p for _company, p in groups))
        everything = self.env["creditbox.position"]._read_group(
            [("partner_id", "in", partners.ids)],
            ["company_id", "partner_id"],
            ["__count"],
        )
        counts = {(company, partner): n for company, partner, n in everything}
        return [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "position_ids": [fields.Command.set(positions.ids)],
                "whole": len(positions) == counts[company, partner],
                "user_id": self.env.uid,
            }
            for (company, partner), positions in groups.items()
        ]

    def _window(self):
        """:return: window action of these files"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_debt_file.creditbox_debt_file_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def action_make_again(self):
        """Make those anew that have failed."""
        self._require("creditbox_base.group_operator")
        for file in self.sudo().filtered(lambda f: f.state == "failed"):
            file._make()

    # ------------------------------------------------------------------
    # kept for some days
    # ------------------------------------------------------------------
    @api.model
    def _cron_expire(self):
        """Forget the files whose days are over, whoever asked for them."""
        for company in self.env["creditbox.retention"]._companies():
            domain = [
                ("company_id", "=", company.id),
                ("date_expiry", "<", company._creditbox_today()),
            ]
            while files := self.search(domain, limit=100):
                lots = files.lot_id
                files.unlink()
                lots.filtered(lambda lot: not lot.file_ids).unlink()
                left = self.search_count(domain)
                if not self.env["ir.cron"]._commit_progress(100, remaining=left):
                    return
