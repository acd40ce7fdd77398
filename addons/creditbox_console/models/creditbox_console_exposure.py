"""What is about to be lost if nobody does anything: one card each kind of exposure.

A kind is a code in ``_exposure_codes``, a method ``_exposure_<code>`` that gives its
figures, and a method ``_open_exposure_<code>`` that opens the records behind one. An
addon above adds its own (quality clocks, say) by extending these three.
"""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PRESCRIPTION_DAYS = (30, 60, 90)  # as the filters of the radar


class CreditboxConsole(models.AbstractModel):
    _inherit = "creditbox.console"

    @api.model
    def _exposure_codes(self):
        """:return: list of the codes, in the order of the cards"""
        return ["prescription"]

    @api.model
    def exposures(self):
        """What is about to be lost today, in the companies ticked.

        :return: [{"code", "label", "help", "figures": [{"detail", "label", "amount",
            "count", "style"}]}], without the kinds of which there is nothing
        """
        self.env["creditbox.position"].check_access("read")
        companies, _left_out = self._companies()
        cards = []
        for code in self._exposure_codes():
            card = getattr(self, f"_exposure_{code}")(companies)
            if any(figure["count"] for figure in card["figures"]):
                cards.append({"code": code, **card})
        return cards

    @api.model
    def open_exposure(self, code, detail):
        """Open the records behind a figure of a card.

        :param detail: as the figure names it
        :return: action
        """
        if code not in self._exposure_codes():
            raise UserError(self.env._("There is no such figure."))
        companies, _left_out = self._companies()
        return getattr(self, f"_open_exposure_{code}")(companies, detail)

    # -- open bills that prescription will bar ---------------------------------------

    @api.model
    def _exposure_prescription(self, companies):
        labels = {0: self.env._("Expired already")}
        for days in PRESCRIPTION_DAYS:
            labels[days] = self.env._("Within %s days", days)
        figures = []
        for days, label in labels.items():
            [[count, amount]] = self.env["creditbox.prescription"]._read_group(
                self._domain_prescription(companies, days),
                [],
                ["__count", "amount_residual:sum"],
            )
            figures.append(
                {
                    "detail": days,
                    "label": label,
                    "amount": amount or 0,
                    "count": count,
                    "style": {0: "secondary", 30: "danger"}.get(days, "warning"),
                }
            )
        return {
            "label": self.env._("Soon barred by prescription"),
            "help": self.env._(
                "A formal notice whose delivery is proved makes the term start anew."
            ),
            "figures": figures,
        }

    @api.model
    def _domain_prescription(self, companies, days):
        today = self._day({}, companies, self.env["creditbox.snapshot"])
        domain = Domain("company_id", "in", companies.ids)
        if not days:
            return domain & Domain("date_expiry", "<=", today)
        until = today + timedelta(days=days)
        return (
            domain
            & Domain("date_expiry", ">", today)
            & Domain("date_expiry", "<=", until)
        )

    @api.model
    def _open_exposure_prescription(self, companies, detail):
        if detail not in (0, *PRESCRIPTION_DAYS):
            raise UserError(self.env._("There is no such figure."))
        return dict(
            self._action("creditbox_dunning.creditbox_prescription_action"),
            domain=list(self._domain_prescription(companies, detail)),
            context={"create": False},
        )
