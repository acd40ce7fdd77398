from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date


class CreditboxSnapshot(models.Model):
    """What was open in a company on a day, as its accounts said when it was made.

    A snapshot never changes: neither people nor programs may write it, and the SHA-256
    of its rows shows that nobody has. A *view* is the same for a day that somebody
    looks at in the console; it is forgotten a day later.
    """

    _name = "creditbox.snapshot"
    _description = "Snapshot of the Debts"
    _order = "date desc, company_id, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="What was open at the end of this day.",
    )
    kind = fields.Selection(
        [("month", "Month End"), ("manual", "By Hand"), ("view", "Day Looked at")],
        required=True,
        default="manual",
        readonly=True,
    )
    buckets = fields.Json(readonly=True, help="The age buckets as they were.")
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_not_due = fields.Monetary(string="Falling Due", readonly=True)
    amount_credit = fields.Monetary(string="Credit", readonly=True)
    amount_held = fields.Monetary(string="Overdue on Hold", readonly=True)
    bill_count = fields.Integer(string="Due Dates", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True)
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        help="Of the file of its rows: whoever has the file can compute it again.",
    )
    kpi_ids = fields.One2many("creditbox.kpi", "snapshot_id", string="KPIs")

    _month_uniq = models.UniqueIndex(
        "(company_id, date) WHERE kind = 'month'",
        "There is already a snapshot of this month.",
    )

    def _default_company_id(self):
        return self.env.company

    def _default_date(self):
        """The end of last month."""
        return self.env.company._creditbox_today().replace(day=1) - timedelta(days=1)

    @api.depends("company_id.name", "date")
    def _compute_display_name(self):
        for snapshot in self:
            day = format_date(self.env, snapshot.date)
            snapshot.display_name = f"{snapshot.company_id.name} – {day}"

    @api.constrains("date")
    def _check_date(self):
        for snapshot in self:
            if snapshot.date > snapshot.company_id._creditbox_today():
                raise ValidationError(
                    self.env._("What will be open on a day to come is not known.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Only company and day are asked for, all else is computed.

        In the context ``creditbox_view`` makes a view of the day, to be forgotten.
        """
        snapshots = super().create(
            [
                {
                    **{k: v for k, v in vals.items() if k in ("company_id", "date")},
                    "kind": "view"
                    if self.env.context.get("creditbox_view")
                    else "manual",
                }
                for vals in vals_list
            ]
        )
        # the oldest first: roll rates of one read the lines of the one before
        for snapshot in snapshots.sorted("date"):
            snapshot._fill()
        return snapshots

    def _settle_kind(self):
        """The first snapshot of a month's last day is that of the month."""
        if self.kind == "view" or (self.date + timedelta(days=1)).day != 1:
            return
        if not self._month(self.company_id, self.date):
            self.env.cr.execute(
                SQL(
                    "UPDATE creditbox_snapshot SET kind = 'month' WHERE id = %s",
                    self.id,
                )
            )
            self.invalidate_recordset()

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A snapshot stays as it is: make another."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Snapshots are kept."))

    # -- opening it ----------------------------------------------------------------

    def action_open_console(self):
        """:return: the console with the figures of this snapshot"""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "creditbox_console.creditbox_console_action"
        )
        return dict(action, params={"snapshot": self.id})

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_console.creditbox_snapshot_line_action"
        )
        return dict(action, domain=[("snapshot_id", "=", self.id)])

    def action_download(self):
        """:return: the file of its rows, whose SHA-256 is that of the snapshot"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/creditbox/snapshot/{self.id}.csv",
            "target": "download",
        }

    def action_compare(self):
        """Beside the one chosen, or the one before of the same company."""
        first = self[1:2] or self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<", self.date),
                ("kind", "!=", "view"),
            ],
            limit=1,
        )
        if not first:
            raise UserError(self.env._("There is no other snapshot to compare with."))
        older, newer = sorted(self[:1] | first, key=lambda s: (s.date, s.id))
        compare = self.env["creditbox.snapshot.compare"].create(
            {"first_id": older.id, "second_id": newer.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Snapshots"),
            "res_model": compare._name,
            "res_id": compare.id,
            "view_mode": "form",
        }

    # -- when it is made -----------------------------------------------------------

    @api.model
    def _cron_month(self):
        """The end of last month of each company that has debtors, once."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            day = company._creditbox_today().replace(day=1) - timedelta(days=1)
            wanted = self.env["creditbox.position"].search_count(
                [("company_id", "=", company.id)], limit=1
            )
            if wanted and not self._month(company, day):
                self.create({"company_id": company.id, "date": day})
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _month(self, company, day):
        return self.search(
            [
                ("company_id", "=", company.id),
                ("date", "=", day),
                ("kind", "=", "month"),
            ]
        )

    def _month_before(self):
        """:return: the snapshot of the end of the month before, or an empty one"""
        self.ensure_one()
        day = self.date.replace(day=1) - relativedelta(days=1)
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "=", day),
                ("kind", "!=", "view"),
            ],
            limit=1,
        )
