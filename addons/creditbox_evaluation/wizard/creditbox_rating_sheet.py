import base64
import re

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..tools.rating_sheet import Section, Sheet, to_pdf, to_xlsx

ALERTS, REPORTS, MONTHS = 50, 20, 36  # the newest of each are shown


class CreditboxRatingSheet(models.TransientModel):
    """All that is known of a customer's credit, on paper and as a workbook."""

    _name = "creditbox.rating.sheet"
    _description = "Report on a Customer"
    _rec_name = "rating_id"

    rating_id = fields.Many2one("creditbox.rating", required=True, readonly=True)
    pdf = fields.Binary(compute="_compute_pdf")
    xlsx = fields.Binary(compute="_compute_xlsx")

    @api.depends("rating_id")
    def _compute_pdf(self):
        for report in self:
            report.pdf = base64.b64encode(to_pdf(report._sheet()))

    @api.depends("rating_id")
    def _compute_xlsx(self):
        for report in self:
            report.xlsx = base64.b64encode(to_xlsx(report._sheet()))

    def _download(self, kind):
        self.ensure_one()
        partner = self.rating_id.partner_id
        stem = re.sub(r"[^0-9A-Za-z]+", "-", partner.creditbox_code or partner.name)
        name = self.env._("customer-%s", stem.strip("-") or str(partner.id))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{kind}/{name}.{kind}"
            "?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------------
    # what is shown
    # ------------------------------------------------------------------
    def _sheet(self):
        """:return: tools.rating_sheet.Sheet in the user's language"""
        self.ensure_one()
        rating = self.rating_id
        rating.check_access("read")
        today = rating.company_id._creditbox_today()
        return Sheet(
            title=self.env._("Credit report: %s", rating.partner_id.name),
            sender=self.env._(
                "%(company)s, %(date)s",
                company=rating.company_id.name,
                date=self._date(today),
            ),
            verdict=rating._label(),
            level=rating.band_level if rating.state == "rated" else "",
            facts=tuple(self._facts(rating)),
            sentences=tuple(rating.explanation.split("\n")),
            course=tuple(rating._course_points()[-MONTHS:]),
            sections=tuple(self._sections(rating)),
            labels={
                "page": self.env._("Page %(page)s of %(pages)s"),
                "why": self.env._("Evaluation"),
                "course": self.env._("Course of the score"),
                "none": self.env._("None."),
                "date": self.env._("Date"),
                "score": self.env._("Score"),
                "sheet": self.env._("Credit report"),
            },
            date=self._date,
        )

    def _date(self, day):
        return format_date(self.env, day) if day else ""

    def _money(self, amount):
        return format_amount(self.env, amount, self.rating_id.currency_id)

    def _facts(self, rating):
        partner = rating.partner_id
        yield self.env._("Customer"), partner.name or ""
        if partner.creditbox_code:
            yield self.env._("Customer code"), partner.creditbox_code
        if partner.creditbox_fiscal_code:
            yield self.env._("Fiscal code"), partner.creditbox_fiscal_code
        if partner.vat:
            yield self.env._("VAT number"), partner.vat
        address = " ".join(filter(None, (partner.street, partner.zip, partner.city)))
        if address:
            yield self.env._("Address"), address
        yield self.env._("Exposure"), self._money(rating.amount_balance)
        yield self.env._("Overdue"), self._money(rating.amount_overdue)
        yield self.env._("Limit"), self._limit(rating)
        yield self.env._("Insurers' cover"), self._money(rating.amount_cover)

    def _limit(self, rating):
        limit = rating.limit_id
        if not limit:
            return self.env._("none")
        text = self.env._(
            "%(amount)s, decided by %(user)s on %(date)s",
            amount=self._money(limit.amount),
            user=limit.user_id.name,
            date=self._date(limit.date_from),
        )
        if limit.date_to:
            until = self.env._("until %s", self._date(limit.date_to))
            text = f"{text}, {until}"
        return text

    def _sections(self, rating):
        yield self._figures(rating)
        yield self._covers(rating)
        yield self._alerts(rating)
        yield self._reports(rating)

    def _of_customer(self, model, **options):
        rating = self.rating_id
        return self.env[model].search(
            [
                ("partner_id", "=", rating.partner_id.id),
                ("company_id", "=", rating.company_id.id),
            ],
            **options,
        )

    def _figures(self, rating):
        def label(name):
            return rating._fields[name]._description_string(self.env)

        def number(name):
            return formatLang(self.env, rating[name], digits=1)

        counts = ("bill_count", "on_time_count", "late_count", "unpaid_count")
        rows = [(label(name), str(rating[name])) for name in counts]
        rows += [
            (label("mean_days"), number("mean_days")),
            (label("worst_days"), str(rating.worst_days)),
            (label("amount_due"), self._money(rating.amount_due)),
            (label("amount_overdue"), self._money(rating.amount_overdue)),
            (label("share_overdue"), number("share_overdue")),
            (label("returned_count"), str(rating.returned_count)),
            (label("date_first"), self._date(rating.date_first)),
        ]
        heads = (self.env._("Figure"), self.env._("Value"))
        return Section(self.env._("Figures"), heads, (70, 30), tuple(rows))

    def _covers(self, rating):
        rows = [
            (
                cover.provider_id.name,
                cover.policy,
                self._money(cover.amount),
                self._date(cover.date_from),
                self._date(cover.date_to),
            )
            for cover in self._of_customer("creditbox.cover")
        ]
        heads = (
            self.env._("Insurer"),
            self.env._("Policy"),
            self.env._("Cover"),
            self.env._("From"),
            self.env._("Until"),
        )
        title = self.env._("Insurers' cover")
        return Section(title, heads, (30, 25, 17, 14, 14), tuple(rows))

    def _alerts(self, rating):
        alerts = self._of_customer("creditbox.alert", order="date desc", limit=ALERTS)
        kinds = dict(alerts._fields["kind"]._description_selection(self.env))
        states = dict(alerts._fields["state"]._description_selection(self.env))
        rows = [
            (
                self._date(alert.date),
                kinds[alert.kind],
                alert.text or "",
                states[alert.state],
            )
            for alert in alerts
        ]
        heads = (
            self.env._("Date"),
            self.env._("Alert"),
            self.env._("What has happened"),
            self.env._("State"),
        )
        return Section(self.env._("Alerts"), heads, (14, 21, 50, 15), tuple(rows))

    def _reports(self, rating):
        reports = self._of_customer("creditbox.information.report", limit=REPORTS)
        reports = reports.filtered(lambda report: report.state == "received")
        rows = [
            (
                self._date(report.date_received),
                report.provider_id.name,
                self._report_text(report),
                self._date(report.date_expiry),
            )
            for report in reports
        ]
        heads = (
            self.env._("Date"),
            self.env._("Source"),
            self.env._("What it says"),
            self.env._("Valid until"),
        )
        title = self.env._("Reports of information providers")
        return Section(title, heads, (14, 21, 50, 15), tuple(rows))

    def _report_text(self, report):
        parts = [report.rating, report.summary]
        if report.amount_limit:
            parts.append(
                self.env._("recommended limit %s", self._money(report.amount_limit))
            )
        if report.insolvency:
            parts.append(self.env._("INSOLVENCY"))
        return "; ".join(filter(None, parts))
