from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.creditbox_base.tools.package import safe_name


class DmsDirectory(models.Model):
    """Folders of the archive: one a customer and company, with its first document."""

    _inherit = "dms.directory"

    creditbox_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _creditbox_folder_uniq = models.UniqueIndex(
        "(storage_id, res_model, res_id) WHERE creditbox_partner_id IS NOT NULL",
        "There is already a folder of this record.",
    )
    _creditbox_name_uniq = models.UniqueIndex(
        "(parent_id, name) WHERE creditbox_partner_id IS NOT NULL",
        "There is already a folder of this name.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "res_model" in vals or "model_id" in vals:
            self.env.registry.clear_cache()  # see _creditbox_models
        return result

    @api.model
    @ormcache()
    def _creditbox_models(self):
        """:return: frozenset of the models whose records have folders

        Documents asks for the folders of every record that is deleted, whatever it is.
        """
        groups = self.sudo()._read_group([("res_model", "!=", False)], ["res_model"])
        return frozenset(model for (model,) in groups)

    @api.model
    def search(self, domain, offset=0, limit=None, order=None):
        if self._creditbox_asks_for_none(domain):
            return self.browse()
        return super().search(domain, offset=offset, limit=limit, order=order)

    @api.model
    def _creditbox_asks_for_none(self, domain):
        """Whether these are the folders, or files, of a model that has none."""
        condition = next(iter(domain), None) if isinstance(domain, list) else None
        return (
            isinstance(condition, tuple)
            and condition[:2] == ("res_model", "=")
            and not any(isinstance(term, str) for term in domain)  # all of them hold
            and condition[2] not in self.env["dms.directory"]._creditbox_models()
        )

    @api.constrains("name")
    def _check_name(self):
        """A folder of ours has a name of its own by an index: Documents would read the
        names of all customers for each new one."""
        ours = self.filtered("creditbox_partner_id")
        for folder in ours:
            if folder.name != safe_name(folder.name):
                raise ValidationError(self.env._("The directory name is invalid."))
        return super(DmsDirectory, self - ours)._check_name()

    # ------------------------------------------------------------------
    # folders of records
    # ------------------------------------------------------------------
    @api.model
    def _creditbox_folders(self, record):
        """:return: the folder of a record, or none"""
        company, _partner = record._archive_owner()
        storage = company._creditbox_archive(make=False)
        # whose rights are those of its files
        return (
            self.sudo()
            .search(
                [
                    ("storage_id", "=", storage.id),
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                ],
                limit=1,
            )
            .sudo(False)
        )

    @api.model
    def _creditbox_folder(self, record):
        """:return: the folder of a record, made where it is missing"""
        found = self._creditbox_folders(record)
        if found:
            return found
        company, partner = record._archive_owner()
        storage = company._creditbox_archive()
        parent = storage.sudo().root_directory_ids[:1]
        if record != partner:
            parent = self._creditbox_folder(partner.with_company(company)).sudo()
        folders = self.sudo()  # people may not make folders of customers by hand
        return folders.create(
            {
                "name": record._archive_folder_name(),
                "parent_id": parent.id,
                "res_model": record._name,
                "res_id": record.id,
                "creditbox_partner_id": partner.id,
            }
        ).sudo(False)

    # ------------------------------------------------------------------
    # customers that become one
    # ------------------------------------------------------------------
    @api.model
    def _creditbox_join(self, partners, kept):
        """Put the documents of customers into the folder of the one that is kept."""
        folders = self.sudo().search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (partners | kept).ids),
                ("creditbox_partner_id", "!=", False),
            ]
        )
        for own in folders.grouped("storage_id").values():
            into = own.filtered(lambda f: f.res_id == kept.id) or own[:1]  # noqa: B023
            for other in own - into:
                other.child_directory_ids.write({"parent_id": into.id})
                for file in other.file_ids:
                    values = {"directory_id": into.id}
                    if file.name in into.file_ids.mapped("name"):
                        values["name"] = safe_name(f"{other.res_id} {file.name}")
                    file.write(values)
                other.invalidate_recordset(["file_ids", "child_directory_ids"])
                other.unlink()
            into.write({"res_id": kept.id})
