from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.creditbox_action import PENDING_STATES
from odoo.addons.creditbox_dunning.models.creditbox_rule import CODES

PERCENT = ("cei", "roll", "recovery", "stopped", "promise")
MONTHS_SHOWN = 13


class CreditboxKpi(models.Model):
    """A KPI of a company at the end of a month, kept with the snapshot of that day.

    Numerator and denominator are kept, so that those of several companies can be put
    together: their ratio is the value.
    """

    _name = "creditbox.kpi"
    _description = "Credit KPI"
    _order = "date desc, code, detail, id"
    _log_access = False

    snapshot_id = fields.Many2one(
        "creditbox.snapshot", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    code = fields.Selection(
        [
            ("dso", "DSO (countback)"),
            ("best_dso", "Best Possible DSO"),
            ("cei", "Collection Effectiveness (CEI)"),
            ("beyond_terms", "Days Beyond Terms"),
            ("roll", "Roll Rate"),
            ("recovery", "Recovery by Action"),
            ("stopped", "Stopped in Time"),
            ("promise", "Promises Kept"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Char(readonly=True, help="Code of the action, or age.")
    numerator = fields.Float(readonly=True, aggregator="sum")
    denominator = fields.Float(readonly=True, aggregator="sum")
    value = fields.Float(compute="_compute_value")

    @api.depends("numerator", "denominator")
    def _compute_value(self):
        for kpi in self:
            kpi.value = self._ratio(kpi.code, kpi.numerator, kpi.denominator)

    @api.model
    def _ratio(self, code, numerator, denominator):
        ratio = float(numerator) / float(denominator) if denominator else 0.0
        return ratio * 100 if code in PERCENT else ratio

    def write(self, vals):
        raise UserError(self.env._("A snapshot stays as it is: make another."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Snapshots are kept."))

    @api.model
    def _keep(self, snapshot):
        """Keep the KPIs of the company at the day of the snapshot."""
        self.create(
            [
                {
                    "snapshot_id": snapshot.id,
                    "company_id": snapshot.company_id.id,
                    "date": snapshot.date,
                    "code": code,
                    "detail": detail,
                    "numerator": float(numerator),
                    "denominator": float(denominator),
                }
                for code, detail, numerator, denominator in self._measure(
                    snapshot.company_id, snapshot.date, snapshot
                )
            ]
        )

    # -- the page ------------------------------------------------------------------

    @api.model
    def load(self, day=False):
        """What the page shows of the companies ticked.

        :param day: end of a month that has a snapshot; by default the last one
        :return: {"day", "days": [those that can be asked for], "months": [day],
            "tiles": [{"code", "label", "percent", "help", "value", "before",
            "course": [{"day", "value"}]}], "rolls", "recoveries": [{"detail",
            "label", "value", "numerator", "denominator"}], "workload": [...],
            "currency_id"}
        """
        self.env["creditbox.position"].check_access("read")
        companies, _left_out = self.env["creditbox.console"]._companies()
        days = self._days(companies)
        day = fields.Date.to_date(day or False) or next(iter(days), False)
        kept = self._sums(companies, [d for d in days if day and d <= day])
        months = sorted({d for d, _code, _detail in kept})[-MONTHS_SHOWN:]
        return {
            "day": fields.Date.to_string(day) if day else False,
            "days": [fields.Date.to_string(d) for d in days],
            "currency_id": companies[:1].currency_id.id,
            "tiles": [self._tile(code, kept, months, day) for code in self._tile_codes()],
            "rolls": self._rolls(kept, day, companies),
            "recoveries": self._recoveries(kept, day),
            "workload": self._workload(companies),
            "promises": "creditbox.promise" in self.env,
        }

    @api.model
    def _tile_codes(self):
        codes = ["dso", "best_dso", "cei", "beyond_terms", "stopped"]
        return codes + ["promise"] * ("creditbox.promise" in self.env)

    @api.model
    def _days(self, companies):
        """:return: month ends of which there is a snapshot, the last first"""
        groups = self.env["creditbox.snapshot"]._read_group(
            [("company_id", "in", companies.ids), ("kind", "=", "month")],
            ["date:day"],
        )
        return sorted((day for (day,) in groups), reverse=True)

    @api.model
    def _sums(self, companies, days):
        """:return: {(day, code, detail): (numerator, denominator)}"""
        groups = self._read_group(
            Domain("company_id", "in", companies.ids)
            & Domain("date", "in", days[:MONTHS_SHOWN])
            & Domain("snapshot_id.kind", "=", "month"),
            ["date:day", "code", "detail"],
            ["numerator:sum", "denominator:sum"],
        )
        return {
            (day, code, detail or ""): (numerator, denominator)
            for day, code, detail, numerator, denominator in groups
        }

    @api.model
    def _tile(self, code, kept, months, day):
        course = [
            {
                "day": fields.Date.to_string(month),
                "value": self._ratio(code, *kept[month, code, ""])
                if (month, code, "") in kept
                else False,
            }
            for month in months
        ]
        values = [point["value"] for point in course if point["value"] is not False]
        now = self._ratio(code, *kept[day, code, ""]) if (day, code, "") in kept else False
        return {
            "code": code,
            "label": self._code_label(code),
            "help": self._code_help(code),
            "percent": code in PERCENT,
            "value": now,
            "before": values[-2] if now is not False and len(values) > 1 else False,
            "more_is_better": code in ("cei", "stopped", "promise"),
            "course": course,
        }

    @api.model
    def _code_label(self, code):
        labels = dict(self._fields["code"]._description_selection(self.env))
        return labels[code]

    @api.model
    def _code_help(self, code):
        return {
            "dso": self.env._("Days of billing that are owed, counted back by month."),
            "best_dso": self.env._("The same, if nothing were overdue."),
            "cei": self.env._("Collected in the month, of what could be collected."),
            "beyond_terms": self.env._("Days from due date to payment, by euro paid."),
            "stopped": self.env._("Actions stopped by a payment, of those paid in time."),
            "promise": self.env._("Kept in full, of those fallen due in the month."),
        }[code]

    @api.model
    def _rolls(self, kept, day, companies):
        names = {
            self._roll_detail(bucket): (bucket["overdue"], bucket["day_from"], bucket["name"])
            for bucket in self.env["creditbox.console"]._bucket_definitions(
                companies, self._snapshots(companies, day)
            )
        }
        rows = [
            self._row(code, detail, names[detail][2], *sums)
            for (month, code, detail), sums in kept.items()
            if month == day and code == "roll" and detail in names
        ]
        return sorted(rows, key=lambda row: names[row["detail"]][:2])

    @api.model
    def _recoveries(self, kept, day):
        labels = dict(self.env["creditbox.rule"]._fields["code"]._description_selection(
            self.env
        ))
        order = [code for code, _label in CODES]
        rows = [
            self._row(code, detail, labels.get(detail, detail), *sums)
            for (month, code, detail), sums in kept.items()
            if month == day and code == "recovery"
        ]
        return sorted(rows, key=lambda row: order.index(row["detail"]))

    @api.model
    def _row(self, code, detail, label, numerator, denominator):
        return {
            "detail": detail,
            "label": label,
            "numerator": numerator,
            "denominator": denominator,
            "value": self._ratio(code, numerator, denominator),
        }

    @api.model
    def _snapshots(self, companies, day):
        return self.env["creditbox.snapshot"].search(
            [
                ("company_id", "in", companies.ids),
                ("date", "=", day),
                ("kind", "=", "month"),
            ]
        )

    # -- workload ------------------------------------------------------------------

    @api.model
    def _workload(self, companies):
        """Who has how much to do today.

        :return: [{"user_id", "name", "positions", "overdue", "actions", "todo", "late",
            "done"}]: positions with debt, actions not yet gone, activities due today and
            before, done in the last 30 days
        """
        rows = {}

        def row(user):
            return rows.setdefault(
                user.id,
                {
                    "user_id": user.id,
                    # the names of colleagues are no secret
                    "name": user.sudo().name or self.env._("Nobody"),
                    "positions": 0,
                    "overdue": 0,
                    "actions": 0,
                    "todo": 0,
                    "late": 0,
                    "done": 0,
                },
            )

        for user, count, overdue in self.env["creditbox.position"]._read_group(
            self._workload_positions(companies),
            ["user_id"],
            ["__count", "amount_overdue:sum"],
        ):
            row(user).update(positions=count, overdue=overdue)
        for user, count in self._workload_actions(companies):
            row(user)["actions"] = count
        for user, kind, count in self._workload_activities(companies):
            row(user)[kind] = count
        return sorted(rows.values(), key=lambda r: (not r["user_id"], -r["overdue"]))

    @api.model
    def _workload_positions(self, companies):
        return [
            ("company_id", "in", companies.ids),
            ("amount_overdue", ">", 0),
        ]

    @api.model
    def _workload_actions(self, companies):
        self.env["creditbox.action"].flush_model()
        self.env["creditbox.position"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT position.user_id, COUNT(*)
                  FROM creditbox_action AS action
                  JOIN creditbox_position AS position
                    ON position.id = action.position_id
                 WHERE action.company_id = ANY(%s) AND action.state = ANY(%s)
                 GROUP BY position.user_id
                """,
                companies.ids,
                list(PENDING_STATES),
            )
        )
        users = self.env["res.users"]
        return [(users.browse(id_ or []), count) for id_, count in rows]

    @api.model
    def _workload_activities(self, companies):
        """Counts only: what the activities say is not read."""
        today = self.env.company._creditbox_today()
        users = companies.sudo().user_ids.filtered("active")
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        base = Domain("user_id", "in", users.ids) & Domain(
            "res_model", "in", self._workload_models()
        )
        for kind, domain in (
            (
                "todo",
                Domain("active", "=", True) & Domain("date_deadline", "=", today),
            ),
            (
                "late",
                Domain("active", "=", True) & Domain("date_deadline", "<", today),
            ),
            (
                "done",
                Domain("active", "=", False)
                & Domain("date_done", ">", today - timedelta(days=30)),
            ),
        ):
            for user, count in activities._read_group(
                base & domain, ["user_id"], ["__count"]
            ):
                yield user, kind, count

    @api.model
    def _workload_models(self):
        """The records of whose activities a credit office lives."""
        return ["creditbox.position", "creditbox.action", "creditbox.run"]

    # -- one click to the records --------------------------------------------------

    @api.model
    def open_records(self, code, day, detail=""):
        """:return: action with the records behind a figure of the page"""
        self.env["creditbox.position"].check_access("read")
        companies, _left_out = self.env["creditbox.console"]._companies()
        day = fields.Date.to_date(day)
        if code not in dict(self._fields["code"].selection):
            raise UserError(self.env._("There is no such figure."))
        return getattr(self, f"_open_{code}")(companies, day, detail)

    @api.model
    def _open_dso(self, companies, day, detail, domain=None):
        action = self._action("creditbox_console.creditbox_snapshot_line_action")
        found = Domain("snapshot_id", "in", self._snapshots(companies, day).ids)
        return dict(action, domain=list(found & (domain or Domain.TRUE)))

    @api.model
    def _open_best_dso(self, companies, day, detail):
        return self._open_dso(companies, day, detail, Domain("amount_not_due", ">", 0))

    @api.model
    def _open_cei(self, companies, day, detail):
        """All that went through the customers' accounts in the month."""
        return self._open_entries(
            companies,
            Domain("date", ">=", day.replace(day=1)) & Domain("date", "<=", day),
        )

    @api.model
    def _open_beyond_terms(self, companies, day, detail):
        """The payments of the month that cover bills."""
        return self._open_entries(
            companies,
            Domain("date", ">=", day.replace(day=1))
            & Domain("date", "<=", day)
            & Domain("move_id.move_type", "=", "entry")
            & Domain("matched_debit_ids", "!=", False),
        )

    @api.model
    def _open_roll(self, companies, day, detail):
        """What was in the bucket a month before, and is still open."""
        now = self._snapshots(companies, day)
        before = now.browse()
        for snapshot in now:
            before |= snapshot._month_before()
        buckets = [
            bucket["id"]
            for snapshot in before
            for bucket in snapshot.buckets
            if self._roll_detail(bucket) == detail
        ]
        action = self._action("creditbox_console.creditbox_snapshot_line_action")
        domain = (
            Domain("snapshot_id", "in", before.ids)
            & Domain("bucket_id", "in", buckets)
            & Domain(
                "line_id.creditbox_snapshot_line_ids", "any", [
                    ("snapshot_id", "in", now.ids), ("amount_overdue", ">", 0)
                ]
            )
        )
        return dict(action, domain=list(domain))

    @api.model
    def _open_recovery(self, companies, day, detail):
        first, last = self._recovery_period(day)
        return self._open_actions(
            Domain("company_id", "in", companies.ids)
            & Domain("code", "=", detail)
            & Domain("state", "in", ("done", "delivered"))
            & Domain("date_done", ">=", first)
            & Domain("date_done", "<=", last)
        )

    @api.model
    def _open_stopped(self, companies, day, detail):
        ids = [
            id_
            for company in companies
            for id_, _ok in self._stopped(company, day.replace(day=1), day)
        ]
        return self._open_actions(Domain("id", "in", ids))

    @api.model
    def _open_promise(self, companies, day, detail):
        return {
            "type": "ir.actions.act_window",
            "name": self._code_label("promise"),
            "res_model": "creditbox.promise",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": self._promise_domain(companies, day.replace(day=1), day),
        }

    @api.model
    def open_workload(self, user_id, kind):
        """:return: action with what an operator has to do: positions, actions"""
        companies, _left_out = self.env["creditbox.console"]._companies()
        if kind == "actions":
            return self._open_actions(
                Domain("company_id", "in", companies.ids)
                & Domain("state", "in", list(PENDING_STATES))
                & Domain("position_id.user_id", "=", user_id)
            )
        domain = Domain(self._workload_positions(companies))
        if kind == "positions":
            domain &= Domain("user_id", "=", user_id)
        else:
            domain &= Domain("activity_ids.user_id", "=", user_id)
        action = self._action("creditbox_base.creditbox_position_action")
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _open_actions(self, domain):
        action = self._action("creditbox_dunning.creditbox_action_action")
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _open_entries(self, companies, domain):
        action = self._action("account.action_account_moves_all")
        domain &= (
            Domain("company_id", "in", companies.ids)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
        )
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(name)
