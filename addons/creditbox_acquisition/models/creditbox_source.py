import logging
import posixpath
from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.layouts import KINDS

_logger = logging.getLogger(__name__)

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

    @api.constrains("journal_id", "payment_journal_id")
    def _check_journals(self):
        for source in self:
            journals = source.journal_id | source.payment_journal_id
            if any(journal.restrict_mode_hash_table for journal in journals):
                raise ValidationError(
                    self.env._(
                        "The journals of a billing system cannot be secured with a "
                        "hash: its corrections and cancellations must be possible."
                    )
                )
            foreign = journals.currency_id - source.company_id.currency_id
            if foreign:
                raise ValidationError(
                    self.env._("The journals must be in the currency of the company.")
                )

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

    # -- accounts ------------------------------------------------------------------

    def _prepare_accounts(self):
        """Fill in the journals and the account that were left empty."""
        for source in self.sudo().with_company(self.company_id[:1]):
            company = source.company_id
            if not source.journal_id:
                source.journal_id = source._find_journal(
                    "sale", "CBB", source.env._("Bills of %s", company.name)
                )
            if not source.payment_journal_id:
                source.payment_journal_id = source._find_journal(
                    "bank", "CBP", source.env._("Payments of %s", company.name)
                )
            if not source.income_account_id:
                source.income_account_id = source._find_income_account()

    def _find_journal(self, kind, code, name):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("code", "=", code)], limit=1
        )
        return journal or self.env["account.journal"].create(
            {"name": name, "code": code, "type": kind, "company_id": self.company_id.id}
        )

    def _find_income_account(self):
        """The account on which the company's other sales go."""
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("type", "=", "sale")]
        )
        account = (
            self.journal_id.default_account_id
            or self.company_id.income_account_id
            or journals.default_account_id[:1]
            or self.env["account.account"].search(
                [
                    *self.env["account.account"]._check_company_domain(self.company_id),
                    ("account_type", "=", "income"),
                ],
                limit=1,
            )
        )
        if not account:
            raise UserError(
                self.env._(
                    "Company %s has no chart of accounts: install one first.",
                    self.company_id.name,
                )
            )
        return account

    def _bill_name(self, number):
        return f"{self.number_prefix or ''}{number}"

    def _payment_name(self, code):
        return f"{self.payment_journal_id.code}/{code}"

    # -- mapping -------------------------------------------------------------------

    def _mappings_for(self, kind, filename):
        """Mappings to try, of a kind or of all, those with a file pattern first."""
        mappings = self.mapping_ids.filtered(
            lambda m: (kind == "auto" or m.kind == kind) and m._fits_file(filename)
        )
        return mappings.sorted(lambda m: (not m.file_pattern, KINDS.index(m.kind)))

    # -- rhythm --------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Take what has come, source by source; one that fails does not stop others."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("delivery", "in", ("folder", "sql")),
                "|",
                ("next_run", "=", False),
                ("next_run", "<=", now),
            ]
        )
        for done, source in enumerate(due, start=1):
            try:
                with self.env.cr.savepoint():
                    source._run()
            except Exception as error:
                _logger.info("Source %s could not be read", source.id, exc_info=True)
                source._note_failure(error)
            source._plan_next_run()
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - done)

    def _plan_next_run(self):
        step = relativedelta(**{self.interval_type: self.interval_number})
        self.next_run = fields.Datetime.now() + step

    def _note_failure(self, error):
        self.message_post(
            body=self.env._("The data could not be taken: %s", error),
            subtype_xmlid="mail.mt_note",
        )

    def action_run(self):
        """Take now what waits in the folder or in the database.

        :return: an action that shows the batches made
        """
        self.check_access("read")
        acquisitions = self.sudo()._run()
        if not acquisitions:
            raise UserError(self.env._("There is nothing new."))
        return acquisitions.sudo(False)._get_records_action(
            name=self.env._("Acquisitions")
        )

    def _run(self):
        """creditbox.acquisition records made from what has come."""
        acquisitions = self.env["creditbox.acquisition"]
        for source in self:
            if source.delivery == "folder":
                acquisitions |= source._run_folder()
            elif source.delivery == "sql":
                acquisitions |= source._run_sql()
        return acquisitions

    # -- folder --------------------------------------------------------------------

    def _run_folder(self):
        """Make an acquisition of each file that waits, and move the file aside."""
        if not self.fs_storage_id:
            raise UserError(self.env._("No storage is set on %s.", self.name))
        filesystem = self.fs_storage_id.sudo().fs
        acquisitions = self.env["creditbox.acquisition"]
        moves = []
        for path in self._waiting_files(filesystem):
            acquisition = acquisitions._create_from_file(
                self, posixpath.basename(path), filesystem.cat_file(path), "folder"
            )
            if acquisition.state == "draft":
                acquisition._enqueue()
            moves.append((path, self._place_aside(path, acquisition)))
            acquisitions |= acquisition
        # Only what is safely in the database leaves the folder: a file that stays
        # there by accident is recognised the next time.
        self.env.cr.postcommit.add(partial(move_files, filesystem, moves))
        return acquisitions

    def _waiting_files(self, filesystem):
        """Paths, oldest name first, of the files that are complete."""
        pattern = posixpath.join(self.folder or "", self.file_pattern or "*")
        for path in sorted(filesystem.glob(pattern)):
            info = filesystem.info(path)
            name = posixpath.basename(path)
            if info["type"] == "file" and not name.startswith("."):
                if self._is_settled(info):
                    yield path

    def _is_settled(self, info):
        changed = info.get("mtime") or info.get("LastModified") or info.get("modify")
        if changed is None or not self.settle_seconds:
            return True
        if not isinstance(changed, int | float):
            changed = changed.timestamp()
        age = fields.Datetime.now().timestamp() - changed
        return age >= self.settle_seconds

    def _place_aside(self, path, acquisition):
        """Where a file goes once taken; its name gets the number of the batch."""
        failed = acquisition.state in ("failed", "cancelled")
        folder = (self.folder_failed if failed else self.folder_done) or "done"
        return posixpath.join(folder, f"{acquisition.id}_{posixpath.basename(path)}")

    # -- database ------------------------------------------------------------------

    def _run_sql(self):
        """Make an acquisition of the answer of each mapping's query."""
        if not self.dbsource_id:
            raise UserError(self.env._("No database is set on %s.", self.name))
        acquisitions = self.env["creditbox.acquisition"]
        mappings = self.mapping_ids.filtered("query")
        for mapping in mappings.sorted(lambda m: KINDS.index(m.kind)):
            started = fields.Datetime.now()
            answer = self.dbsource_id.sudo().execute(
                mapping.query,
                {
                    "since": mapping.last_pull
                    or fields.Datetime.to_datetime("1900-01-01")
                },
                metadata=True,
            )
            mapping.last_pull = started
            if answer["rows"]:
                acquisitions |= acquisitions._create_from_rows(
                    self, mapping.kind, answer["cols"], answer["rows"], "sql"
                )
        for acquisition in acquisitions:
            acquisition._enqueue()
        return acquisitions

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


def move_files(filesystem, moves):
    """Move files of a folder, (from, to); one that cannot be moved is left there."""
    for path, target in moves:
        try:
            filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
            filesystem.mv(path, target)
        except OSError:
            _logger.exception("File %s could not be moved aside", path)
