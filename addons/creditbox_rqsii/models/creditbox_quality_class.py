from odoo import api, fields, models

from odoo.addons.creditbox_quality.models.creditbox_quality_standard import MACROS


class CreditboxQualityClass(models.Model):
    """A class of a macro-indicator and the goal of whoever is in it."""

    _name = "creditbox.quality.class"
    _description = "Class of a Macro-indicator"
    _order = "macro, date_from desc, share_from desc, id"

    name = fields.Char(string="Class", required=True)
    macro = fields.Selection(MACROS, string="Macro-indicator", required=True)
    share_from = fields.Float(
        string="Above (%)",
        digits=(5, 2),
        help="The share itself belongs to the class below.",
    )
    goal = fields.Float(
        string="Points to gain", digits=(5, 2), help="In a year. 0: to be kept."
    )
    date_from = fields.Date(string="In force from", required=True)
    date_to = fields.Date(string="In force until")
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _share = models.Constraint(
        "CHECK(share_from BETWEEN -1 AND 100 AND goal BETWEEN 0 AND 100)",
        "A share is between 0 and 100.",
    )

    @api.model
    def _of_share(self, macro, share, day):
        """
        :param share: per cent
        :param day: datetime.date on which the class is asked for
        :return: creditbox.quality.class, or empty
        """
        classes = self.search(
            [
                ("macro", "=", macro),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            order="share_from desc",
        )
        # compared here: a search would round the share to the digits of the field
        return classes.filtered(lambda found: found.share_from < share)[:1]

    def _goal(self, share):
        """:return: per cent to be reached the year after a year of ``share``"""
        return min(share + self.goal, 100) if self.goal else max(self.share_from, 0)
