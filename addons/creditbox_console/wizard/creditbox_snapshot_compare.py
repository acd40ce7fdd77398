from odoo import api, fields, models

from ..models.creditbox_console_figure import AMOUNTS


class CreditboxSnapshotCompare(models.TransientModel):
    """Two snapshots side by side, cut by what somebody chooses."""

    _name = "creditbox.snapshot.compare"
    _description = "Compare Snapshots"
    _rec_name = "first_id"

    first_id = fields.Many2one("creditbox.snapshot", string="Before", required=True)
    second_id = fields.Many2one("creditbox.snapshot", string="After", required=True)
    by = fields.Selection(
        [
            ("bucket_id", "Age"),
            ("service_type_id", "Service"),
            ("customer_type_id", "Customer Type"),
            ("user_id", "Operator"),
            ("state_id", "Province"),
            ("city", "Municipality"),
        ],
        required=True,
        default="bucket_id",
    )
    line_ids = fields.One2many(
        "creditbox.snapshot.compare.line",
        "compare_id",
        compute="_compute_line_ids",
        store=True,
    )

    @api.depends("first_id", "second_id", "by")
    def _compute_line_ids(self):
        for compare in self:
            lines = compare._lines() if compare.first_id and compare.second_id else []
            compare.line_ids = [
                fields.Command.clear(),
                *(fields.Command.create(line) for line in lines),
            ]

    def _lines(self):
        """:return: values of a line for each value that one of the snapshots has"""
        first, second = self._figures(self.first_id), self._figures(self.second_id)
        nothing = dict.fromkeys(AMOUNTS, 0)
        lines = []
        for label, (order, _amounts) in {**first, **second}.items():
            line = {"label": label, "order": order}
            for name in AMOUNTS:
                before = first.get(label, (0, nothing))[1][name]
                after = second.get(label, (0, nothing))[1][name]
                line[name] = after
                line[f"{name}_before"] = before
            lines.append(line)
        return sorted(lines, key=lambda line: (line["order"], line["label"]))

    def _figures(self, snapshot):
        """:return: {label: (place, {amount name: amount})}"""
        groups = self.env["creditbox.snapshot.row"]._read_group(
            [("snapshot_id", "=", snapshot.id)],
            [self.by],
            [f"{name}:sum" for name in AMOUNTS],
        )
        console = self.env["creditbox.console"]
        buckets = {
            bucket["id"]: bucket
            for bucket in console._bucket_definitions(snapshot.company_id, snapshot)
        }
        labels = (
            {}
            if self.by == "bucket_id"
            else console._labels(self.by, [value for value, *_sums in groups])
        )
        figures = {}
        for value, *sums in groups:
            amounts = dict(zip(AMOUNTS, sums, strict=True))
            if self.by == "bucket_id":
                bucket = buckets.get(value.id)
                label = bucket["name"] if bucket else self.env._("Credits")
                place = self._place(bucket)
            else:
                label = labels[(value if self.by == "city" else value.id) or False]
                place = -int(amounts["amount_overdue"] or 0)
            figures[label] = (place, amounts)
        return figures

    def _place(self, bucket):
        """What falls due first, then by age, credits last."""
        return bucket["day_from"] + 1000 * bucket["overdue"] if bucket else 10**6


class CreditboxSnapshotCompareLine(models.TransientModel):
    _name = "creditbox.snapshot.compare.line"
    _description = "Row of a Comparison"
    _order = "order, id"

    compare_id = fields.Many2one(
        "creditbox.snapshot.compare", required=True, index=True, ondelete="cascade"
    )
    order = fields.Integer()
    label = fields.Char()
    currency_id = fields.Many2one(related="compare_id.first_id.currency_id")
    amount_overdue_before = fields.Monetary(string="Overdue Before")
    amount_overdue = fields.Monetary(string="Overdue After")
    amount_overdue_change = fields.Monetary(
        string="Change", compute="_compute_change", aggregator="sum"
    )
    amount_not_due_before = fields.Monetary(string="Falling Due Before")
    amount_not_due = fields.Monetary(string="Falling Due After")
    amount_credit_before = fields.Monetary(string="Credit Before")
    amount_credit = fields.Monetary(string="Credit After")
    amount_held_before = fields.Monetary(string="On Hold Before")
    amount_held = fields.Monetary(string="On Hold After")

    @api.depends("amount_overdue", "amount_overdue_before")
    def _compute_change(self):
        for line in self:
            line.amount_overdue_change = (
                line.amount_overdue - line.amount_overdue_before
            )
