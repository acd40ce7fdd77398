from odoo import models


class TierReview(models.Model):
    _inherit = "tier.review"

    def _get_reviewers(self):
        """Who is above the reviewing group (implies it) may review as well."""
        return super()._get_reviewers() | self.reviewer_group_id.all_user_ids
