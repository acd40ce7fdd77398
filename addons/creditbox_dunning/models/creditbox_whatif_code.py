from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_rule import CODES


class CreditboxWhatifCode(models.Model):
    """What is done by each channel or office before and after."""

    _name = "creditbox.whatif.code"
    _inherit = ["creditbox.whatif.figure"]
    _description = "What If? by Code"
    _auto = False
    _order = "code"

    code = fields.Selection(CODES, readonly=True)

    def _sql_by(self):
        return SQL("code"), SQL("")

    def _domain_side(self, side):
        return Domain(f"change_id.code_{side}", "=", self.code)
