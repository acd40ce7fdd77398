from odoo import fields, models

from odoo.addons.creditbox_base.tools.package import safe_name

GROUPS = ("access_group_read", "access_group_file", "access_group_delete")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _creditbox_archive(self, make=True):
        """Return the company's storage, as the system: people read files, not storages.

        :param make: make it, with its root, where it is missing
        :return: dms.storage
        """
        self.ensure_one()
        storages = self.env["dms.storage"].sudo()
        storage = storages.search(
            [("company_id", "=", self.id), ("creditbox_archive", "=", True)]
        )
        if storage or not make:
            return storage
        self.sudo().lock_for_update()  # another document may arrive at the same moment
        storage = storages.create(
            {
                "name": self.env._("Archive of %s", self.name),
                "company_id": self.id,
                "save_type": "file",
                "creditbox_archive": True,
            }
        )
        groups = [self.env.ref(f"creditbox_archive.{name}").id for name in GROUPS]
        storages.env["dms.directory"].create(
            {
                "name": safe_name(self.name),
                "is_root_directory": True,
                "storage_id": storage.id,
                "group_ids": [fields.Command.set(groups)],
            }
        )
        return storage
