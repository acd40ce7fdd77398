import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools.package import safe_name


class CreditboxArchived(models.AbstractModel):
    """Records whose documents are in the digital archive: customers, cases.

    A model that inherits this says whose documents they are by ``_archive_owner``.
    """

    _name = "creditbox.archived"
    _description = "Has Documents in the Archive"

    creditbox_document_count = fields.Integer(
        string="Documents", compute="_compute_creditbox_document_count"
    )

    def _archive_owner(self):
        """:return: (res.company, res.partner) in whose folder the record's lies"""
        raise NotImplementedError

    def _archive_folder_name(self):
        """:return: str, one that no other record has"""
        return safe_name(self.display_name)

    def _compute_creditbox_document_count(self):
        counts = self._archive_counts()
        for record in self:
            record.creditbox_document_count = counts.get(record._origin.id, 0)

    def _archive_counts(self):
        """:return: {id: number of documents that the user may see}"""
        return dict(
            self.env["dms.file"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )

    def _archive_folder(self):
        """:return: dms.directory of the record; it is made when it is not there"""
        self.ensure_one()
        return self.env["dms.directory"]._creditbox_folder(self)

    def _archive_add(self, documents, category, day=None):
        """Put documents into the archive; one whose name is there is its new version.

        :param documents: list of (name, bytes)
        :param category: dms.category
        :param day: date of the documents, default: today
        :return: dms.file
        """
        self.ensure_one()
        self.env["creditbox.debt.file"]._require("creditbox_base.group_operator")
        self.check_access("read")
        folder = self._archive_folder()
        return self.env["dms.file"].create(
            [
                {
                    "name": name,
                    "directory_id": folder.id,
                    "category_id": category.id,
                    "content": base64.b64encode(content),
                    **({"creditbox_date": day} if day else {}),
                }
                for name, content in documents
            ]
        )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_open_archive(self):
        """Open the documents, or the window that adds the first.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        folder = self.env["dms.directory"]._creditbox_folders(self)
        if not folder:
            if self.env.user.has_group("creditbox_base.group_operator"):
                return self.action_add_documents()
            raise UserError(self.env._("There is no document in the archive yet."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_archive.dms_file_action"
        )
        return {
            **action,
            "name": self.env._("Archive: %s", self.display_name),
            # the folder is what Documents uploads into
            "domain": [("directory_id", "child_of", folder.id)],
            "context": {"default_directory_id": folder.id},
        }

    def action_add_documents(self):
        """:return: window that puts files into the archive"""
        self.ensure_one()
        company, partner = self._archive_owner()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add documents"),
            "res_model": "creditbox.archive.upload",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_company_id": company.id,
                "default_partner_id": partner.id,
            },
        }
