from odoo import api, fields, models
from odoo.fields import Domain

COUNTS = (
    "received",
    "pending",
    "cancelled",
    "done_in",
    "out_fm",
    "out_user",
    "out_operator",
)
OUT = {"out_fm": "fm", "out_user": "user_third", "out_operator": "operator"}


class CreditboxQualitySheetLine(models.Model):
    """One standard and one type of user: each figure opens its records."""

    _name = "creditbox.quality.sheet.line"
    _description = "Line of a Sheet of the Authority"
    _order = "sheet_id, sequence, code, customer_type_id, id"
    _rec_name = "standard_id"

    sheet_id = fields.Many2one(
        "creditbox.quality.sheet", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    standard_id = fields.Many2one("creditbox.quality.standard", required=True)
    sequence = fields.Integer()
    code = fields.Char(required=True)
    kind = fields.Selection(related="standard_id.kind", store=True, precompute=True)
    macro = fields.Selection(related="standard_id.macro", store=True, precompute=True)
    customer_type_id = fields.Many2one("creditbox.customer.type", string="Type of user")
    limit_value = fields.Float(string="Limit", aggregator=None, digits=(12, 2))
    unit = fields.Selection(related="standard_id.unit")
    threshold = fields.Float(related="standard_id.threshold")
    received = fields.Integer()
    pending = fields.Integer(
        string="Not done yet", help="Received, neither done nor withdrawn at the end."
    )
    cancelled = fields.Integer(string="Withdrawn")
    done_in = fields.Integer(string="In time")
    out_fm = fields.Integer(string="Out, force majeure")
    out_user = fields.Integer(string="Out, user or third parties")
    out_operator = fields.Integer(string="Out, operator")
    mean_time = fields.Float(
        string="Mean time",
        digits=(12, 2),
        aggregator=None,
        help="Of those in time and those out of time for the operator's cause.",
    )
    compliance = fields.Float(
        string="Compliance (%)",
        compute="_compute_compliance",
        store=True,
        digits=(5, 1),
        aggregator=None,
        help="In time ÷ (in time + out of time for the operator's cause).",
    )
    kept = fields.Selection(
        [("yes", "Kept"), ("no", "Not kept")], compute="_compute_compliance", store=True
    )
    indemnity_count = fields.Integer(string="Indemnities paid")
    indemnity_amount = fields.Monetary(string="Amount paid")

    @api.depends("done_in", "out_operator", "mean_time", "standard_id")
    def _compute_compliance(self):
        for line in self:
            together = line._together()
            line.compliance = together["compliance"] or 0
            line.kept = together["kept"]

    def _together(self):
        """:return: dict of the figures of one standard, all types of user together"""
        figures = {name: sum(self.mapped(name)) for name in COUNTS}
        done = figures["done_in"] + figures["out_operator"]
        # a mean of means, each as heavy as the performances that it is of
        weight = sum(line._weight() for line in self)
        time = sum(line.mean_time * line._weight() for line in self)
        figures["mean_time"] = time / weight if weight else None
        figures["compliance"] = (
            round(100 * figures["done_in"] / done, 1) if done else None
        )
        figures["kept"] = self._verdict(figures)
        return figures

    def _weight(self):
        """:return: how many performances, or months, the mean is of"""
        basis = self.standard_id.basis_code
        if basis:
            return self.sheet_id.line_ids.filtered(
                lambda line: (
                    line.code == basis
                    and line.customer_type_id == self.customer_type_id
                )
            )._weight()
        return self.done_in + self.out_operator

    def _verdict(self, figures):
        """Whether a general standard was kept; of specific ones each counts."""
        standard = self.standard_id
        share, mean = figures["compliance"], figures["mean_time"]
        if standard.kind != "general" or (share is None and mean is None):
            return False
        if standard.measure == "average":
            kept = mean <= standard.limit_value
        elif standard.measure == "months":
            if self.sheet_id.quarter != "0":
                return False
            kept = figures["done_in"] >= standard.months_required
        else:
            kept = share >= standard.threshold
        return "yes" if kept else "no"

    # -- cells ---------------------------------------------------------------------

    def action_open_cell(self, cell):
        """
        :param cell: name of a field with a figure
        :return: action that opens the records of which the figure is the number
        """
        self.ensure_one()
        self.check_access("read")
        name = (
            "creditbox_quality.creditbox_indemnity_action"
            if cell.startswith("indemnity")
            else "creditbox_quality.creditbox_quality_clock_action"
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        domain = self._cell_domain(cell)
        if self.standard_id.measure == "months":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "creditbox_quality.creditbox_quality_figure_action"
            )
            domain = self._months_domain(cell)
        title = f"{self.standard_id.name} – {self._fields[cell].string}"
        return dict(action, name=title, domain=list(domain), context={})

    def _cell_domain(self, cell):
        """:return: Domain of the records that a cell counts"""
        sheet = self.sheet_id
        first, last = sheet._days()
        begin, end = sheet._moments()
        standard = self.standard_id
        domain = (
            Domain("company_id", "=", sheet.company_id.id)
            & Domain("code", "=", standard.basis_code or self.code)
            & Domain("customer_type_id", "=", self.customer_type_id.id)
        )
        if cell.startswith("indemnity"):
            paid = Domain("date_paid", ">=", first) & Domain("date_paid", "<=", last)
            return domain & Domain("state", "=", "paid") & paid
        if cell == "received":
            started = Domain("start_at", ">=", begin) & Domain("start_at", "<", end)
            return domain & started
        if cell == "cancelled":
            gone = Domain("cancel_at", ">=", begin) & Domain("cancel_at", "<", end)
            return domain & Domain("state", "=", "cancelled") & gone
        if cell == "pending":
            open_ = Domain("stop_at", "=", False) | Domain("date_stop", ">", last)
            kept = Domain("cancel_at", "=", False) | Domain("cancel_at", ">=", end)
            return domain & Domain("start_at", "<", end) & open_ & kept
        done = Domain("date_stop", ">=", first) & Domain("date_stop", "<=", last)
        domain &= Domain("state", "=", "stopped") & done
        if cell == "done_in":
            return domain & Domain("outcome", "=", "in")
        return domain & Domain("outcome", "=", "out") & Domain("cause", "=", OUT[cell])

    def _months_domain(self, cell):
        first, last = self.sheet_id._days()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("code", "=", self.code)
            & Domain("month", ">=", first)
            & Domain("month", "<=", last)
            & Domain("kept", "=", cell == "done_in")
        )
