import hashlib
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .creditbox_console_cell import SUMMED
from .creditbox_console_figure import AMOUNTS, DIMENSIONS
from .creditbox_console_line import COLUMNS

TEXTS = ("number", "customer", "tax_code", "days_overdue")
# What the hash covers, in the order of the file: neither links nor ids of ours.
HASHED = ("line_id", *TEXTS, "date_maturity", *DIMENSIONS, *AMOUNTS)
FIGURES = (*AMOUNTS, "bill_count", "customer_count")
VIEW_MINUTES = 60


class _Hasher:
    """A file that only remembers the hash of what is written to it."""

    def __init__(self):
        self.sha256 = hashlib.sha256()

    def write(self, data):
        self.sha256.update(data)
        return len(data)


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
                    "kind": "view" if self.env.context.get("creditbox_view") else "manual",
                }
                for vals in vals_list
            ]
        )
        for snapshot in snapshots:
            snapshot._fill()
        return snapshots

    def _settle_kind(self):
        """The first snapshot of a month's last day is that of the month."""
        if self.kind == "view" or (self.date + timedelta(days=1)).day != 1:
            return
        if not self._month(self.company_id, self.date):
            self.env.cr.execute(
                SQL(
                    "UPDATE creditbox_snapshot SET kind = 'month' WHERE id = %s", self.id
                )
            )
            self.invalidate_recordset()

    def write(self, vals):
        raise UserError(self.env._("A snapshot stays as it is: make another."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Snapshots are kept."))

    # -- making it -----------------------------------------------------------------

    def _fill(self):
        """Write the due dates that were open, their sums and, of a month, the KPIs."""
        self.ensure_one()
        self.flush_recordset()
        self._settle_kind()
        self.env.cr.execute(self._sql_lines())
        self.env.cr.execute(self._sql_rows())
        self.env.cr.execute(self._sql_totals())
        self.invalidate_recordset()
        if self.kind == "view":
            return
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_snapshot SET sha256 = %s WHERE id = %s",
                self._hash(),
                self.id,
            )
        )
        self.invalidate_recordset()
        self.env["creditbox.kpi"].sudo()._keep(self)  # only snapshots write them

    def _sql_lines(self):
        line = self.env["creditbox.console.line"].with_context(
            creditbox_past_accounts=True
        )
        line.env["creditbox.position"]._flush_debts()
        self.env["account.partial.reconcile"].flush_model()
        columns = [SQL.identifier(name) for name in (*COLUMNS, *TEXTS)]
        return SQL(
            """
            INSERT INTO creditbox_snapshot_line (snapshot_id, %(columns)s)
            SELECT %(snapshot)s, %(values)s,
                   COALESCE(move.creditbox_ref, move.name),
                   partner.name,
                   %(tax_code)s,
                   CASE WHEN amount_overdue > 0 THEN %(day)s - date_maturity ELSE 0 END
              FROM (%(open)s) AS open
              JOIN account_move AS move ON move.id = open.move_id
              JOIN res_partner AS partner ON partner.id = open.partner_id
            """,
            columns=SQL(", ").join(columns),
            snapshot=self.id,
            values=SQL(", ").join(SQL.identifier("open", name) for name in COLUMNS),
            tax_code=self.env["creditbox.group.debtor"]._sql_tax_code(),
            day=self.date,
            open=line._sql_open(self.company_id, self.date),
        )

    def _sql_rows(self):
        figure = self.env["creditbox.console.figure"]
        return SQL(
            """
            INSERT INTO creditbox_snapshot_row (
                snapshot_id, %(dimensions)s, %(summed)s)
            SELECT snapshot_id, %(dimensions)s, %(sums)s
              FROM (SELECT *, 1 AS bill_count FROM creditbox_snapshot_line
                     WHERE snapshot_id = %(snapshot)s) AS line
             GROUP BY snapshot_id, %(dimensions)s
            """,
            dimensions=figure._sql_columns(DIMENSIONS),
            summed=figure._sql_columns(SUMMED),
            sums=self.env["creditbox.console.cell"]._sql_sums(),
            snapshot=self.id,
        )

    def _sql_totals(self):
        figure = self.env["creditbox.console.figure"]
        return SQL(
            """
            UPDATE creditbox_snapshot
               SET (%(figures)s) = (
                    SELECT %(sums)s, COUNT(*), COUNT(DISTINCT partner_id)
                      FROM creditbox_snapshot_line WHERE snapshot_id = %(snapshot)s),
                   buckets = %(buckets)s
             WHERE id = %(snapshot)s
            """,
            figures=figure._sql_columns(FIGURES),
            sums=SQL(", ").join(
                SQL("COALESCE(SUM(%s), 0)", SQL.identifier(name)) for name in AMOUNTS
            ),
            snapshot=self.id,
            buckets=fields.Json().convert_to_column(self._buckets(), self),
        )

    def _buckets(self):
        """:return: [{id, name, overdue, day_from, day_to}] as they are now"""
        return self.env["creditbox.age.bucket"]._of(self.company_id)._described()

    # -- proving it ----------------------------------------------------------------

    def _hash(self):
        """:return: hexadecimal SHA-256 of the file of the rows (_write_rows)"""
        hasher = _Hasher()
        self._write_rows(hasher)
        return hasher.sha256.hexdigest()

    def _write_rows(self, file):
        """Write the due dates as CSV in UTF-8, always the same bytes.

        :param file: what has a method write(bytes)
        """
        self.ensure_one()
        query = SQL(
            """
            COPY (SELECT %s FROM creditbox_snapshot_line
                   WHERE snapshot_id = %s ORDER BY line_id)
              TO STDOUT WITH (FORMAT csv, HEADER, ENCODING 'UTF8')
            """,
            self.env["creditbox.console.figure"]._sql_columns(HASHED),
            self.id,
        )
        cursor = self.env.cr._cnx.cursor()
        try:
            cursor.copy_expert(cursor.mogrify(query.code, query.params), file)
        finally:
            cursor.close()

    def action_verify(self):
        """Compute the hash again and say whether the rows are those of that day."""
        self.ensure_one()
        same = self._hash() == self.sha256
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "sticky": not same,
                "message": self.env._("Nobody has changed this snapshot.")
                if same
                else self.env._("These rows are not those that the snapshot had."),
            },
        }

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

    @api.model
    def _views(self, companies, day):
        """What was open on the day, computed at most an hour ago.

        :return: creditbox.snapshot of kind *view*, one a company
        """
        recent = fields.Datetime.now() - timedelta(minutes=VIEW_MINUTES)
        found = self.search(
            Domain("kind", "=", "view")
            & Domain("date", "=", day)
            & Domain("company_id", "in", companies.ids)
            & Domain("create_date", ">", recent)
        ).grouped("company_id")
        views = self.browse()
        for company in companies:
            views |= found[company][:1] if company in found else self._view(company, day)
        return views

    @api.model
    def _view(self, company, day):
        # whoever may look at a company may look at its past
        view = self.sudo().with_context(creditbox_view=True)
        made = view.create({"company_id": company.id, "date": day})
        self.env.cr.execute("ANALYZE creditbox_snapshot_line, creditbox_snapshot_row")
        return self.browse(made.id)

    @api.autovacuum
    def _gc_views(self):
        """Forget the days that somebody has looked at."""
        before = fields.Datetime.now() - timedelta(days=1)
        views = self.search(
            Domain("kind", "=", "view") & Domain("create_date", "<", before)
        )
        for table in (
            "creditbox_snapshot_line",
            "creditbox_snapshot_row",
        ):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE snapshot_id = ANY(%s)",
                    SQL.identifier(table),
                    views.ids,
                )
            )
        self.env.cr.execute(
            SQL("DELETE FROM creditbox_snapshot WHERE id = ANY(%s)", views.ids)
        )
        self.env.invalidate_all()
