import base64
import hashlib

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.creditbox_base.tools.package import safe_name


class DmsFile(models.Model):
    """A document of the archive: whose, of which day, and its former versions."""

    _inherit = "dms.file"

    creditbox_archive = fields.Boolean(
        related="storage_id.creditbox_archive", store=True, readonly=True
    )
    creditbox_partner_id = fields.Many2one(
        related="directory_id.creditbox_partner_id",
        string="Customer",
        store=True,
        index="btree_not_null",
        readonly=True,
    )
    creditbox_debt_file = fields.Boolean(
        string="Debt file", readonly=True, help="It is not put into the next one."
    )
    creditbox_date = fields.Date(
        string="Date of the document", tracking=True, help="Its years count from here."
    )
    creditbox_keep_until = fields.Date(
        string="Kept until",
        compute="_compute_creditbox_keep_until",
        store=True,
        index="btree_not_null",
        help="Empty: for ever.",
    )
    creditbox_version = fields.Integer(
        string="Version", default=1, readonly=True, copy=False, aggregator=None
    )
    creditbox_version_ids = fields.One2many(
        "creditbox.archive.version", "file_id", string="Former versions", readonly=True
    )
    creditbox_text_ids = fields.One2many(
        "creditbox.archive.text", "file_id", readonly=True
    )
    creditbox_text_state = fields.Selection(
        related="creditbox_text_ids.state", string="Full text"
    )
    category_id = fields.Many2one(tracking=True)

    @api.depends("creditbox_date", "category_id.creditbox_years", "creditbox_archive")
    def _compute_creditbox_keep_until(self):
        for file in self:
            years = file.category_id.creditbox_years
            date = file.creditbox_archive and years and file.creditbox_date
            file.creditbox_keep_until = date and date + relativedelta(years=years)

    # ------------------------------------------------------------------
    # new documents, and new versions of them
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """What has the name of a document in the same folder is its new version."""
        known = self._creditbox_known(vals_list)
        versions, fresh = {}, []
        for number, vals in enumerate(vals_list):
            if file := known.get((vals.get("directory_id"), vals.get("name"))):
                versions[number] = (file, vals)
            else:
                fresh.append(vals)
        created = iter(super().create(fresh))
        files = self.browse()
        for number in range(len(vals_list)):
            if number in versions:
                file, vals = versions[number]
                file.write(
                    {
                        name: vals[name]
                        for name in ("content", "category_id", "creditbox_date")
                        if name in vals
                    }
                )
            else:
                file = next(created)
            files |= file
        replaced = self.browse().union(*(file for file, _vals in versions.values()))
        (files - replaced)._creditbox_note()
        return files

    @api.model
    def _creditbox_known(self, vals_list):
        """Complete the values of what goes into the archive.

        :return: {(folder id, name): dms.file that is there already}
        """
        folders = self.env["dms.directory"].browse(
            {vals["directory_id"] for vals in vals_list if vals.get("directory_id")}
        )
        folders = folders.sudo().filtered(lambda f: f.storage_id.creditbox_archive)
        if not folders:
            return {}
        other = self.env.ref("creditbox_archive.category_other")
        for vals in vals_list:
            folder = folders.browse(vals.get("directory_id"))
            if folder in folders:
                vals["name"] = safe_name(vals["name"])
                vals.setdefault("category_id", other.id)
                today = folder.company_id._creditbox_today()
                vals.setdefault("creditbox_date", today)
        names = [vals["name"] for vals in vals_list if vals.get("name")]
        files = self.search(
            [("directory_id", "in", folders.ids), ("name", "in", names)]
        )
        return {(file.directory_id.id, file.name): file for file in files}

    def write(self, vals):
        if vals.get("content"):
            self._creditbox_keep_version(vals["content"])
        return super().write(vals)

    def _creditbox_keep_version(self, content):
        """Keep what is about to be replaced, unless it is the same."""
        checksum = hashlib.sha1(base64.b64decode(content)).hexdigest()
        changed = self.filtered(
            lambda f: f.creditbox_archive and f.checksum not in (False, checksum)
        )
        if not changed:
            return
        changed.check_access("write")
        changed._check_access_dms_record("write")
        versions = self.env["creditbox.archive.version"].sudo()  # nobody writes them
        kept = versions.create(
            [
                {
                    "file_id": file.id,
                    "company_id": file.company_id.id,
                    "number": file.creditbox_version,
                    "name": file.name,
                    "checksum": file.checksum,
                    "size": int(file.size),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for file in changed
            ]
        )
        kept._take_over()
        for file in changed.sudo():
            file.creditbox_version += 1
        changed._message_log_batch(
            bodies={
                file.id: self.env._(
                    "Version %s takes its place", file.creditbox_version
                )
                for file in changed
            }
        )

    def _creditbox_note(self):
        """Say on the customers' chatters what has come into the archive."""
        partners = {}
        for file in self.sudo().filtered("creditbox_partner_id"):
            # companies may share a customer: each sees its own documents alone
            if file.creditbox_partner_id.company_id == file.company_id:
                partners.setdefault(file.creditbox_partner_id, []).append(file.name)
        for partner, names in partners.items():
            body = self.env._("Into the archive: %s", ", ".join(names))
            partner._message_log(body=body)
