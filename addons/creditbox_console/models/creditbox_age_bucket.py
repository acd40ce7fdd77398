from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

FIRST_DAY = {True: 1, False: 0}  # overdue: since yesterday; falling due: today


class CreditboxAgeBucket(models.Model):
    """An age of what is owed: so many days overdue, or until it falls due.

    A bucket begins on a day and ends where the next one begins, so that nothing can
    fall between two of them, or into both.
    """

    _name = "creditbox.age.bucket"
    _description = "Age Bucket"
    _order = "overdue, day_from, id"

    name = fields.Char(required=True, translate=True)
    overdue = fields.Boolean(
        default=True, help="Otherwise: days until it falls due, 0 being today."
    )
    day_from = fields.Integer(
        string="From Day",
        required=True,
        aggregator=None,
        help="The bucket ends where the next one begins.",
    )
    day_to = fields.Integer(
        string="To Day",
        compute="_compute_day_to",
        help="0: without end. The day before the next bucket begins.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for the companies that have no buckets of their own.",
    )

    _begin_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), overdue, day_from)",
        "Two buckets would overlap: they begin on the same day.",
    )

    @api.depends("overdue", "day_from", "company_id")
    def _compute_day_to(self):
        # where one ends is said by the next, also for who sees this one alone
        every = self.sudo().search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        for bucket in self:
            later = [
                other.day_from
                for other in every
                if other.overdue == bucket.overdue
                and other.company_id == bucket.company_id
                and other.day_from > bucket.day_from
            ]
            bucket.day_to = min(later) - 1 if later else 0

    @api.constrains("overdue", "day_from", "company_id")
    def _check_no_gap(self):
        """The buckets of each company, and the common ones, begin on the first day.

        What a bucket leaves is checked as well as where it goes, so all are.
        """
        scopes = (
            # whole scales are checked, not what the user sees of them
            self.sudo()
            .search(Domain.TRUE)
            .grouped(lambda bucket: (bucket.company_id, bucket.overdue))
        )
        for (_company, overdue), buckets in scopes.items():
            first, begin = FIRST_DAY[overdue], min(buckets.mapped("day_from"))
            if begin < first:
                raise ValidationError(self._message_too_early(overdue, first))
            if begin > first:
                raise ValidationError(self._message_gap(overdue, first, begin - 1))

    @api.model
    def _message_too_early(self, overdue, first):
        if overdue:
            return self.env._("What is overdue is so since day %s at least.", first)
        return self.env._("A bucket of what falls due cannot begin before day 0.")

    @api.model
    def _message_gap(self, overdue, first, last):
        if overdue:
            return self.env._(
                "Overdue since %(first)s to %(last)s days, a bill would be in no "
                "bucket: one must begin on day %(first)s.",
                first=first,
                last=last,
            )
        return self.env._(
            "Falling due within %(first)s to %(last)s days, a bill would be in no "
            "bucket: one must begin on day %(first)s.",
            first=first,
            last=last,
        )

    @api.model_create_multi
    def create(self, vals_list):
        buckets = super().create(vals_list)
        buckets._apply()
        return buckets

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("overdue", "day_from", "company_id")):
            self._apply()
        return result

    def unlink(self):
        result = super().unlink()
        self._check_no_gap()
        self._apply()
        return result

    @api.model
    def _apply(self):
        """Put what is open into the buckets as they are now."""
        if self.env.context.get("install_mode"):
            return  # the data come one by one; the hook fills the console at the end
        self.flush_model()
        # a scale of the group is that of companies which the user does not see
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        self.env["creditbox.console.line"]._refresh(companies)

    @api.model
    def _of(self, company):
        """The buckets that the company uses, its own or the common ones.

        :return: creditbox.age.bucket, falling due first, each by age
        """
        # bounds and names are no secret; the company's figures have rules of their own
        buckets = self.sudo().search([("company_id", "=", company.id)])
        common = self.sudo().search([("company_id", "=", False)])
        own = set(buckets.mapped("overdue"))
        return (buckets | common.filtered(lambda b: b.overdue not in own)).sorted(
            lambda b: (b.overdue, b.day_from)
        )

    def _described(self):
        """:return: [{id, name, overdue, day_from, day_to}], names by language"""
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        return [
            {
                "id": bucket.id,
                "name": {lang: bucket.with_context(lang=lang).name for lang in langs},
                "overdue": bucket.overdue,
                "day_from": bucket.day_from,
                "day_to": bucket.day_to,
            }
            for bucket in self
        ]
