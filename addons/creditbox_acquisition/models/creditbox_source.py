from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ..tools.layouts import KINDS

KIND_SELECTION = [
    ("customers", "Customers"),
    ("supplies", "Supplies"),
    ("bills", "Bills"),
    ("payments", "Payments"),
]


class CreditboxSource(models.Model):
    """A billing system (gestionale) of a company: how its data comes, where it goes."""

    _name = "creditbox.source"
    _inherit = ["mail.thread"]
    _description = "Billing System"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    delivery = fields.Selection(
        [
            ("upload", "Files uploaded by hand"),
            ("folder", "Files found in a folder"),
            ("push", "Pushed by the billing system (JSON)"),
            ("sql", "Read from its database (SQL)"),
        ],
        required=True,
        default="upload",
        tracking=True,
        help="A file can be uploaded by hand whatever the usual way is.",
    )
    # where the records go
    journal_id = fields.Many2one(
        "account.journal",
        string="Bills Journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        tracking=True,
        help="A journal of its own is best: bills keep the numbers of the billing "
        "system. Left empty, one is made.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'asset_current', "
        "'liability_current'))]",
        tracking=True,
        help="Account on the other side of the customer's. The billing system keeps "
        "revenue and taxes: here only the credit counts.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        string="Payments Journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        tracking=True,
    )
    number_prefix = fields.Char(
        help="Put before the numbers of the bills, where two billing systems of a "
        "company could use the same number."
    )
    service_type_id = fields.Many2one(
        "creditbox.service.type",
        string="Service",
        help="Of the supplies for which the billing system does not say it.",
    )
    customer_type_id = fields.Many2one(
        "creditbox.customer.type",
        help="Of the customers for which the billing system does not say it.",
    )
    payment_policy = fields.Selection(
        [
            ("credit", "stays an open credit of the customer"),
            ("oldest", "covers the customer's oldest bills"),
        ],
        string="A Payment Without Bill Number",
        required=True,
        default="credit",
        tracking=True,
    )
    unknown_supply = fields.Selection(
        [
            ("wait", "waits until the supply is received"),
            ("ignore", "is taken without supply"),
        ],
        string="A Bill of an Unknown Supply",
        required=True,
        default="wait",
        tracking=True,
    )
    batch_size = fields.Integer(
        default=1000, help="Rows written in one transaction when in the background."
    )
    # rhythm
    interval_number = fields.Integer(string="Every", default=1)
    interval_type = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        default="hours",
        required=True,
    )
    next_run = fields.Datetime(copy=False)
    expected_hours = fields.Integer(
        string="Alarm After (hours)",
        help="The data is considered late when nothing good came for so many hours. "
        "0: never.",
    )
    last_success = fields.Datetime(readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    control_tolerance = fields.Float(
        digits=(16, 2), help="Difference in the control totals that is let pass."
    )
    # folder
    fs_storage_id = fields.Many2one(
        "fs.storage",
        string="Storage",
        help="Local folder, SFTP, FTP, S3… as set under Settings.",
    )
    folder = fields.Char(default="in", help="Path below the storage.")
    folder_done = fields.Char(default="done", help="Files taken are moved here.")
    folder_failed = fields.Char(
        default="failed", help="Files that could not be read are moved here."
    )
    file_pattern = fields.Char(default="*", help="For example: *.xlsx")
    settle_seconds = fields.Integer(
        default=60, help="A file changed since fewer seconds is still being written."
    )
    # database
    dbsource_id = fields.Many2one("base.external.dbsource", string="Database")

    mapping_ids = fields.One2many("creditbox.mapping", "source_id", string="Mappings")
    acquisition_ids = fields.One2many("creditbox.acquisition", "source_id")
    acquisition_count = fields.Integer(compute="_compute_counts")
    error_count = fields.Integer(compute="_compute_counts", string="Refused Rows")
    waiting_count = fields.Integer(compute="_compute_counts", string="Rows Waiting")

    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "A billing system of this name already exists."
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("last_success", "expected_hours")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for source in self:
            limit = now - timedelta(hours=source.expected_hours)
            source.is_late = bool(source.expected_hours) and (
                not source.last_success or source.last_success < limit
            )

    def _problem_late(self):
        """:return: str, since when nothing good has come"""
        self.ensure_one()
        if not self.last_success:
            return self.env._("%s: nothing good yet", self.name)
        return self.env._(
            "%(name)s: nothing good since %(day)s",
            name=self.name,
            day=format_datetime(self.env, self.last_success),
        )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self.search([("expected_hours", ">", 0)]).filtered("is_late")
        return [("id", "in", late.ids)]

    def _compute_counts(self):
        acquisitions = dict(
            self.env["creditbox.acquisition"]._read_group(
                [("source_id", "in", self.ids)], ["source_id"], ["__count"]
            )
        )
        rows = {
            (source.id, state): count
            for source, state, count in self.env[
                "creditbox.acquisition.error"
            ]._read_group(
                [
                    ("source_id", "in", self.ids),
                    ("state", "in", ("open", "waiting")),
                    ("level", "=", "error"),
                ],
                ["source_id", "state"],
                ["__count"],
            )
        }
        for source in self:
            source.acquisition_count = acquisitions.get(source, 0)
            source.error_count = rows.get((source.id, "open"), 0)
            source.waiting_count = rows.get((source.id, "waiting"), 0)

    # -- checks --------------------------------------------------------------------

    @api.constrains("batch_size", "interval_number")
    def _check_numbers(self):
        for source in self:
            if source.batch_size < 1 or source.interval_number < 1:
                raise ValidationError(
                    self.env._("Batch size and interval must be at least 1.")
                )

    @api.constrains("company_id")
    def _check_company_unchanged(self):
        for source in self:
            if source.acquisition_ids.filtered(
                lambda acquisition, s=source: acquisition.company_id != s.company_id
            ):
                raise ValidationError(
                    self.env._("A billing system in use cannot change company.")
                )

    # -- mapping -------------------------------------------------------------------

    def _mappings_for(self, kind, filename):
        """Mappings to try, of a kind or of all, those with a file pattern first."""
        mappings = self.mapping_ids.filtered(
            lambda m: (kind == "auto" or m.kind == kind) and m._fits_file(filename)
        )
        return mappings.sorted(lambda m: (not m.file_pattern, KINDS.index(m.kind)))

    # -- buttons -------------------------------------------------------------------

    def action_upload(self):
        """Open the wizard that uploads a file to this source."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_acquisition.creditbox_acquisition_upload_action"
        )
        return dict(action, context={"default_source_id": self.id})

    def action_open_acquisitions(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_acquisition.creditbox_acquisition_action"
        )
        return dict(action, domain=[("source_id", "=", self.id)], context={})

    def action_open_errors(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_acquisition.creditbox_acquisition_error_action"
        )
        return dict(action, domain=[("source_id", "=", self.id)])
