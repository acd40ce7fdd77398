"""The evaluation in plain words, and its course as a picture."""

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

# Of the drawing, in its own units.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 190, 34, 34, 10, 26


class CreditboxRating(models.Model):
    _inherit = "creditbox.rating"

    explanation = fields.Text(
        compute="_compute_explanation", help="The figures in plain words."
    )
    course = fields.Html(
        string="Course of the Score", compute="_compute_course", sanitize=False
    )

    @api.depends_context("lang")
    @api.depends("state", "score", "band_id", "date")
    def _compute_explanation(self):
        for rating in self:
            rating.explanation = "\n".join(filter(None, rating._sentences()))

    def _label(self):
        """:return: «82 – Good payer», for buttons"""
        if self.state == "rated":
            return " – ".join(filter(None, (str(self.score), self.band_id.name)))
        return self.env._("Not rated")

    def _sentences(self):
        """Yield the sentences, in the reader's language; some may be empty."""
        yield self._sentence_verdict()
        if self.bill_count:
            yield self._sentence_bills()
            yield self._sentence_delay()
        yield self._sentence_overdue()
        if self.returned_count:
            yield self._plural(
                self.returned_count,
                self.env._("One payment was returned."),
                self.env._("%s payments were returned.", self.returned_count),
            )
        if self.state == "rated":
            yield self._sentence_course()
            yield self._sentence_points()

    @staticmethod
    def _plural(count, one, many):
        return one if count == 1 else many

    def _days(self, count):
        return self._plural(count, self.env._("one day"), self.env._("%s days", count))

    def _sentence_verdict(self):
        if self.state == "rated":
            return self.env._(
                "%(band)s: %(score)s points of 100.",
                band=self.band_id.name or self.env._("Without a band"),
                score=self.score,
            )
        if self.reason == "few":
            return self.env._(
                "Not rated: only %(count)s bills have fallen due, at least %(least)s"
                " are needed.",
                count=self.bill_count,
                least=self.rule_id.min_bills,
            )
        if self.reason == "short":
            return self.env._(
                "Not rated: the first bill fell due on %(date)s, at least %(least)s"
                " months are needed.",
                date=format_date(self.env, self.date_first),
                least=self.rule_id.min_months,
            )
        return self.env._("Not rated: no bill has fallen due in the period.")

    def _sentence_bills(self):
        """How many were paid when; a bill that is unpaid may be older."""
        return self.env._(
            "In the last %(months)s months, of %(count)s bills fallen due: %(late)s"
            " paid late, %(on_time)s in time, %(unpaid)s still unpaid (older ones"
            " included).",
            months=self.rule_id.months,
            late=self.late_count,
            count=self.bill_count,
            on_time=self.on_time_count,
            unpaid=self.unpaid_count,
        )

    def _sentence_delay(self):
        if not self.worst_days:
            return self.env._("There was no delay.")
        return self.env._(
            "By amount, the money is %(mean)s days late on average; the longest delay"
            " is of %(worst)s.",
            mean=formatLang(self.env, self.mean_days, digits=1),
            worst=self._days(self.worst_days),
        )

    def _sentence_overdue(self):
        if not self.amount_overdue:
            return self.env._("Nothing is overdue now.")
        today = self.company_id._creditbox_today()
        return self.env._(
            "%(amount)s are overdue now since %(days)s: %(share)s %% of what fell due.",
            amount=format_amount(self.env, self.amount_overdue, self.currency_id),
            days=self._days((today - self.oldest_due_date).days),
            share=formatLang(self.env, self.share_overdue, digits=1),
        )

    def _sentence_course(self):
        if self.worsened:
            return self.env._(
                "Worsened: in the last %(months)s months the customer was in the band"
                " «%(band)s».",
                months=self.rule_id.worsening_months,
                band=self.former_band_id.name,
            )
        if self.score_change:
            return self.env._(
                "In the last %(months)s months the score has changed by %(change)s"
                " points.",
                months=self.rule_id.worsening_months,
                change=f"{self.score_change:+d}",
            )
        return ""

    def _sentence_points(self):
        def points(name):
            return formatLang(self.env, self[f"points_{name}"], digits=1)

        return self.env._(
            "The points: punctuality %(punctuality)s, average delay %(delay)s, overdue"
            " now %(overdue)s, worst delay %(worst)s, returned payments %(returned)s.",
            punctuality=points("punctuality"),
            delay=points("delay"),
            overdue=points("overdue"),
            worst=points("worst"),
            returned=points("returned"),
        )

    # ------------------------------------------------------------------
    # the picture
    # ------------------------------------------------------------------
    @api.depends_context("lang")
    @api.depends("history_ids.score")
    def _compute_course(self):
        for rating in self:
            points = rating._course_points()
            rating.course = points and self.env["ir.qweb"]._render(
                "creditbox_evaluation.rating_course",
                {
                    "points": rating._place(points),
                    "bands": rating._place_bands(),
                    "width": WIDTH,
                    "height": HEIGHT,
                    "left": LEFT,
                    "bottom": HEIGHT - BOTTOM,
                },
            )

    def _course_points(self):
        """:return: list of (date, score), oldest first; today's at the end"""
        self.ensure_one()
        rows = self.history_ids.filtered(lambda row: row.state == "rated")
        points = {row.date: row.score for row in rows.sorted("date")}
        if points and self.state == "rated":
            points[self.company_id._creditbox_today()] = self.score
        return sorted(points.items())

    def _place(self, points):
        """Where each point of the course stands in the drawing, and its words."""
        first, last = points[0][0], points[-1][0]
        span = max((last - first).days, 1)
        step = max(len(points) // 8, 1)
        return [
            {
                "x": round(
                    LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1
                ),
                "y": round(self._height_of(score), 1),
                "label": f"{format_date(self.env, day)}: {score}",
                "tick": format_date(self.env, day, date_format="MM/yy")
                if number % step == 0 or number == len(points) - 1
                else "",
            }
            for number, (day, score) in enumerate(points)
        ]

    def _place_bands(self):
        """The bands as stripes behind the course."""
        bands, above = [], 100
        for band in self.env["creditbox.rating.band"]._of_company(self.company_id):
            top = self._height_of(above)
            bottom = self._height_of(band.score_from)
            bands.append(
                {
                    "y": round(top, 1),
                    "height": round(bottom - top, 1),
                    "level": band.level,
                    "name": band.name,
                    "from": band.score_from,
                }
            )
            above = band.score_from
        return bands

    @staticmethod
    def _height_of(score):
        return TOP + (HEIGHT - TOP - BOTTOM) * (100 - score) / 100
