from odoo import models

from ..models.loose_many2one import LooseMany2one


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _get_fk_on(self, table):
        """Add the references that the database does not know as foreign keys."""
        return super()._get_fk_on(table) + [
            (model._table, field.name)
            for model in self.env.values()
            for field in model._fields.values()
            if isinstance(field, LooseMany2one)
            and field.store
            and self.env[field.comodel_name]._table == table
        ]
