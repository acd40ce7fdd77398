from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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

    def write(self, vals):  # pylint: disable=method-required-super
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
            "tiles": [
                self._tile(code, kept, months, day) for code in self._tile_codes()
            ],
            "rolls": self._rolls(kept, day, companies),
            "recoveries": self._recoveries(kept, day),
            "workload": self._workload(companies),
        }

    @api.model
    def _tile_codes(self):
        return ["dso", "best_dso", "cei", "beyond_terms", "stopped", "promise"]

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
        now = (
            self._ratio(code, *kept[day, code, ""])
            if (day, code, "") in kept
            else False
        )
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
            "stopped": self.env._(
                "Actions stopped by a payment, of those paid in time."
            ),
            "promise": self.env._(
                "Kept in full, of those on which the month has decided."
            ),
        }[code]

    @api.model
    def _rolls(self, kept, day, companies):
        names = {
            self._roll_detail(bucket): (
                bucket["overdue"],
                bucket["day_from"],
                bucket["name"],
            )
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
        labels = dict(
            self.env["creditbox.rule"]._fields["code"]._description_selection(self.env)
        )
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
