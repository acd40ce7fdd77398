from datetime import timedelta
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# After each attempt that failed, minutes until the next; then it has failed.
DELAYS = (5, 15, 60, 240, 720)
ANSWER_MINUTES = 15  # until a provider that said "later" is asked again
BATCH = 50


class CreditboxInformationReport(models.Model):
    """What an information provider says of a customer, or has been asked.

    Reports cost money: as long as one has not expired, it is not asked for again.
    """

    _name = "creditbox.information.report"
    _inherit = ["creditbox.guarded"]
    _description = "Report of an Information Provider"
    _order = "id desc"
    _rec_names_search = ["partner_id.name", "reference"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Source",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    reference = fields.Char(
        readonly=True, required=True, copy=False, help="Our own number of the request."
    )
    state = fields.Selection(
        [
            ("queued", "To Ask"),
            ("asked", "Asked"),
            ("received", "Received"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    file_id = fields.Many2one(
        "creditbox.information.file",
        string="Request File",
        readonly=True,
        index="btree_not_null",
    )
    date_asked = fields.Date(string="Asked on", readonly=True)
    date_received = fields.Date(string="Received on", readonly=True)
    date_expiry = fields.Date(
        string="Valid until", readonly=True, help="Last day; not asked again before."
    )
    expired = fields.Boolean(compute="_compute_expired")
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(readonly=True)
    rating = fields.Char(string="Provider's Rating", readonly=True)
    summary = fields.Text(readonly=True)
    amount_limit = fields.Monetary(string="Recommended Limit", readonly=True)
    insolvency = fields.Boolean(readonly=True)
    date_insolvency = fields.Date(string="Date of the Insolvency", readonly=True)
    address_wrong = fields.Boolean(string="Address No Longer Valid", readonly=True)
    raw = fields.Text(
        string="Answer as It Came",
        readonly=True,
        groups="creditbox_base.group_operator",
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_try = fields.Datetime(readonly=True, string="Next Attempt")
    trouble = fields.Char(readonly=True, help="Why there is no answer yet.")

    _reference_uniq = models.UniqueIndex("(reference)", "This reference is taken.")
    _open_uniq = models.UniqueIndex(
        "(company_id, partner_id, provider_id) WHERE state IN ('queued', 'asked')",
        "This customer is being asked about already.",
    )
    _try_idx = models.Index("(next_try) WHERE state IN ('queued', 'asked')")

    @api.depends("partner_id.name", "provider_id.name")
    def _compute_display_name(self):
        for report in self:
            report.display_name = (
                f"{report.provider_id.name} – {report.partner_id.name}"
            )

    @api.depends("date_expiry", "company_id")
    def _compute_expired(self):
        for report in self:
            today = report.company_id._creditbox_today()
            report.expired = bool(report.date_expiry and report.date_expiry < today)

    # ------------------------------------------------------------------
    # asking
    # ------------------------------------------------------------------
    @api.model
    def _request(self, partners, company, provider):
        """Queue requests about the customers of whom no valid report is there.

        :return: the new reports
        """
        partners = partners.commercial_partner_id
        known = self.search(
            Domain("partner_id", "in", partners.ids)
            & Domain("company_id", "=", company.id)
            & Domain("provider_id", "=", provider.id)
            & (
                Domain("state", "in", ("queued", "asked"))
                | Domain("state", "=", "received")
                & Domain("date_expiry", ">=", company._creditbox_today())
            )
        )
        reports = self.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "provider_id": provider.id,
                    "reference": uuid4().hex,
                    "user_id": self.env.uid,
                    "next_try": fields.Datetime.now(),
                }
                for partner in partners - known.partner_id
            ]
        )
        if reports and provider.info_method == "http":
            self.env.ref("creditbox_evaluation.ir_cron_information")._trigger()
        return reports

    @api.model
    def _cron_ask(self):
        """Ask the providers reached by HTTP; each answer is kept at once."""
        due = Domain("provider_id.info_method", "=", "http") & Domain(
            "state", "in", ("queued", "asked")
        )
        due &= Domain("next_try", "<=", fields.Datetime.now())
        remaining = self.search_count(due)
        for report in self.search(due, limit=BATCH, order="next_try, id"):
            # one at a time: each commit frees the locks
            if locked := report.try_lock_for_update().filtered_domain(due):
                self.env["creditbox.information"]._of(report.provider_id)._ask(locked)
                locked._tell_alerts()
            remaining -= 1
            # what has been paid for must not be lost with a later one
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _mark_asked(self, file=None):
        """The provider knows; the answer comes later."""
        later = fields.Datetime.now() + timedelta(minutes=ANSWER_MINUTES)
        for company, reports in self.grouped("company_id").items():
            today = company._creditbox_today()
            vals = {"state": "asked", "next_try": later, "trouble": False}
            if file:
                vals["file_id"] = file.id
            reports.write(vals)
            reports.filtered(lambda r: not r.date_asked).write({"date_asked": today})

    def _mark_trouble(self, reason, again):
        """There was no usable answer.

        :param again: whether another attempt makes sense
        """
        self.ensure_one()
        delay = again and self.attempts < len(DELAYS) and DELAYS[self.attempts]
        vals = {"attempts": self.attempts + 1, "trouble": reason}
        if delay:
            vals["next_try"] = fields.Datetime.now() + timedelta(minutes=delay)
        else:
            vals["state"] = "failed"
        self.write(vals)

    def _refusal(self, refused):
        """:param refused: tools.answer.Refused
        :return: str, which field and why
        """
        errors = self.env["creditbox.information.error"]._fields
        field = dict(errors["field_name"]._description_selection(self.env))
        code = dict(errors["code"]._description_selection(self.env))
        return f"{field[refused.field]}: {code[refused.code]}"

    def _take(self, found, raw):
        """:param found: {field: value} of tools.answer.read"""
        self.ensure_one()
        today = self.company_id._creditbox_today()
        provider = self.provider_id
        price = found.pop("price", None)
        vals = {
            name: value if value is not None else False for name, value in found.items()
        }
        for name in ("amount_limit", "price"):
            if vals.get(name):
                vals[name] = float(vals[name])
        vals.update(
            state="received",
            raw=raw,
            price=float(price if price is not None else provider.info_price),
            date_asked=self.date_asked or today,
            date_received=today,
            date_expiry=fields.Date.add(today, days=provider.info_valid_days),
            trouble=False,
        )
        self.write(vals)

    def _tell_alerts(self):
        """An insolvency must not wait for the night."""
        told = self.filtered(lambda report: report.state == "received")
        for company, reports in told.grouped("company_id").items():
            # alerts are nobody's to write
            self.env["creditbox.alert"].sudo()._refresh(company, reports.partner_id.ids)

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_request_file(self):
        """Write the requests of one provider that wait into a file.

        :return: window action of the file
        """
        self._require("creditbox_base.group_operator")
        # nobody writes reports and files but these buttons
        waiting = self.sudo().filtered(
            lambda report: (
                report.state == "queued" and report.provider_id.info_method == "file"
            )
        )
        if not waiting:
            raise UserError(
                self.env._("None of these requests waits for a file to be made.")
            )
        if len(waiting.provider_id) > 1 or len(waiting.company_id) > 1:
            raise UserError(
                self.env._("Choose requests of one company to one provider.")
            )
        way = waiting.env["creditbox.information"]._of(waiting.provider_id)
        file = way._ask(waiting)
        return file.sudo(False)._get_records_action(name=self.env._("Request file"))

    def action_cancel(self):
        """Not wanted any more; what has been received stays."""
        self._require("creditbox_base.group_operator")
        # nobody writes reports but these buttons
        self.sudo().filtered(
            lambda report: report.state in ("queued", "asked", "failed")
        ).state = "cancelled"

    def action_retry(self):
        self._require("creditbox_base.group_operator")
        # nobody writes reports but these buttons
        failed = self.sudo().filtered(lambda report: report.state == "failed")
        failed.write(
            {"state": "queued", "attempts": 0, "next_try": fields.Datetime.now()}
        )
        if failed.filtered(lambda report: report.provider_id.info_method == "http"):
            # to start a job is the system's
            self.env.ref("creditbox_evaluation.ir_cron_information").sudo()._trigger()
