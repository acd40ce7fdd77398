from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CreditboxRatingBand(models.Model):
    """A range of scores and what it is called. A company may have its own bands."""

    _name = "creditbox.rating.band"
    _description = "Evaluation Band"
    _order = "company_id, score_from desc, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: for all companies without bands of their own.",
    )
    score_from = fields.Integer(
        string="From Score", required=True, help="Up to where the next band begins."
    )
    level = fields.Selection(
        [("good", "Green"), ("watch", "Yellow"), ("risk", "Red")],
        string="Colour",
        required=True,
        default="watch",
    )
    description = fields.Text(string="What to Do", translate=True)

    _score_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), score_from)",
        "There is already a band from this score on.",
    )
    _score_check = models.Constraint(
        "CHECK(score_from BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )

    @api.constrains("score_from", "company_id")
    def _check_lowest(self):
        """Every score has a band: the lowest begins at zero."""
        for company in {band.company_id for band in self}:
            bands = self.search([("company_id", "=", company.id)])
            if bands and min(bands.mapped("score_from")):
                raise ValidationError(self.env._("The lowest band must begin at 0."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # whoever used it, in any company
        ratings = self.env["creditbox.rating.history"].sudo()
        if used := ratings.search([("band_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Customers have been in the band «%s».", used.band_id.name)
            )

    @api.model
    def _of_company(self, company):
        """:return: the bands that the company uses, best first"""
        own = self.search([("company_id", "=", company.id)])
        return (own or self.search([("company_id", "=", False)])).sorted(
            "score_from", reverse=True
        )
