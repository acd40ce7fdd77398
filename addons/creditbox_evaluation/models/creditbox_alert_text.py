"""What an alert says, in the reader's language."""

from odoo import api, models
from odoo.tools import format_amount, format_date


class CreditboxAlert(models.Model):
    _inherit = "creditbox.alert"

    @api.depends("kind", "amount", "amount_limit", "date_fact", "data", "fact", "note")
    @api.depends_context("lang")
    def _compute_text(self):
        for alert in self:
            write = getattr(alert, f"_text_{alert.kind}", None)
            alert.text = write() if write else alert.note or ""

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _date(self, day):
        return format_date(self.env, day)

    def _provider(self):
        return self.env["creditbox.provider"].browse((self.data or {}).get("provider"))

    def _text_limit(self):
        return self.env._(
            "%(amount)s are owed, the limit is %(limit)s.",
            amount=self._money(self.amount),
            limit=self._money(self.amount_limit),
        )

    def _text_cover(self):
        return self.env._(
            "%(amount)s are owed, insurers cover %(cover)s.",
            amount=self._money(self.amount),
            cover=self._money(self.amount_limit),
        )

    def _text_cover_end(self):
        return self.env._(
            "The cover of %(cover)s (policy %(policy)s) has its last day on %(date)s;"
            " %(amount)s are owed.",
            cover=self._money(self.amount_limit),
            policy=(self.data or {}).get("policy", ""),
            date=self._date(self.date_fact),
            amount=self._money(self.amount),
        )

    def _text_worsening(self):
        data = self.data or {}
        bands = self.env["creditbox.rating.band"]
        return self.env._(
            "From «%(former)s» to «%(band)s», %(score)s points of 100;"
            " %(amount)s are overdue.",
            former=bands.browse(data.get("former")).name or "",
            band=bands.browse(data.get("band")).name or "",
            score=data.get("score", ""),
            amount=self._money(self.amount),
        )

    def _text_returned(self):
        return self.env._(
            "The payment of %(amount)s of %(date)s was returned.",
            amount=self._money(self.amount),
            date=self._date(self.date_fact),
        )

    def _text_insolvency(self):
        if self.by_hand:
            text = self.env._("Insolvency reported.")
            if self.date_fact:
                text = self.env._(
                    "Insolvency reported, of %s.", self._date(self.date_fact)
                )
            return " ".join(filter(None, (text, self.note)))
        return self.env._(
            "%(provider)s reports an insolvency, of %(date)s.",
            provider=self._provider().name or "",
            date=self._date(self.date_fact),
        )

    def _text_address(self):
        if self.by_hand:
            return self.note or self.env._("The address is no longer valid.")
        if self.fact == "email":
            return self.env._(
                "Mails to %s come back.", (self.data or {}).get("email", "")
            )
        if self.fact == "postal":
            return self.env._("The postal address is incomplete.")
        return self.env._(
            "%(provider)s says that the address is no longer valid (%(date)s).",
            provider=self._provider().name or "",
            date=self._date(self.date_fact),
        )
