"""What the evaluation says of a customer, at the head of the page."""

from odoo import models

STYLES = {"good": "success", "watch": "warning", "risk": "danger"}
ALERT_LIMIT = 3


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    def _badges(self, partner, company):
        return [
            *super()._badges(partner, company),
            *self._rating_badges(partner, company),
            *self._limit_badges(partner, company),
        ]

    def _rating_badges(self, partner, company):
        """The score, never without its band and its words."""
        for rating in self.env["creditbox.rating"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        ):
            yield {
                "label": self.env._("Evaluation"),
                "value": rating._label(),
                "style": STYLES.get(rating.band_id.level, "secondary"),
                "hint": rating.explanation or "",
                "action": rating._get_records_action(),
            }

    def _limit_badges(self, partner, company):
        for limit in self.env["creditbox.limit"]._in_force(company, partner).values():
            yield {
                "label": self.env._("Credit limit"),
                "value": limit.currency_id.format(limit.amount),
                "style": "danger" if limit.usage > 100 else "success",
                "hint": self.env._(
                    "%s available", limit.currency_id.format(limit.amount_available)
                ),
                "action": limit._get_records_action(),
            }

    def _banners(self, partner, company):
        return [
            *self._alert_banners(partner, company),
            *super()._banners(partner, company),
        ]

    def _alert_banners(self, partner, company):
        """The gravest that nobody has dealt with."""
        alerts = self.env["creditbox.alert"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "!=", "closed"),
                ("severity", "!=", "low"),
            ],
            limit=ALERT_LIMIT,
        )
        for alert in alerts:
            yield {
                "style": "danger" if alert.severity == "high" else "warning",
                "icon": "fa-exclamation-triangle",
                "text": alert.text,
                "model": "creditbox.alert",
                "id": alert.id,
            }
