from odoo import api, fields, models


class DmsCategory(models.Model):
    """What a document is, and how long documents of this kind are kept."""

    _inherit = "dms.category"
    _rec_names_search = ["name", "complete_name"]

    creditbox_years = fields.Integer(
        string="Kept for (years)",
        help="From the date of the document. 0: for ever.",
    )

    display_name = fields.Char(recursive=True)

    _creditbox_years_check = models.Constraint(
        "CHECK(creditbox_years >= 0)", "Years cannot be negative."
    )

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """In the user's language: the stored path is in that of whoever wrote it."""
        for category in self:
            parent = category.parent_id.display_name
            category.display_name = " / ".join(filter(None, (parent, category.name)))
