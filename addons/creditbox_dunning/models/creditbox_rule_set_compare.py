import hashlib
import json

from odoo import models


class CreditboxRuleSet(models.Model):
    """Versions of a table side by side."""

    _inherit = "creditbox.rule.set"

    def _version_before(self):
        """Return what this version is compared with unless somebody says otherwise.

        :return: the version it was copied from, else the one published before it,
            else the one in force
        """
        self.ensure_one()
        if self.origin_id:
            return self.origin_id
        published = [
            ("company_id", "=", self.company_id.id),
            ("state", "!=", "draft"),
            *([("version", "<", self.version)] if self.version else []),
        ]
        before = self.search(published, order="version desc", limit=1)
        company = self.company_id or self.env.company
        return (before or self._published(company)) - self

    def _fingerprint(self):
        """:return: str that changes whenever a row of the table does"""
        self.ensure_one()
        rules = self.rule_ids
        names = rules._compared_fields()
        values = [
            [row["id"], *(row[name] for name in names)]
            for row in rules.with_context(lang=None).sorted("id").read(names, load="")
        ]
        return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()

    def action_compare(self):
        """Show what this version does differently from the one it comes from.

        :return: window action of the comparison
        """
        self.ensure_one()
        self.check_access("read")
        compare = self.env["creditbox.rule.set.compare"].create({"after_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare versions"),
            "res_model": compare._name,
            "res_id": compare.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
