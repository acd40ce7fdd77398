"""The customer's page: all that a collector must know of one customer at a glance.

The browser asks once for everything; the number of queries does not depend on how much
there is. Other addons add to it by overriding ``_badges`` (a score, a plan: small cards
of the header), ``_banners`` (what must not be overlooked), ``_buttons`` or ``_gather``.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

POSITION_LIMIT = 20
BILL_LIMIT = 60


class CreditboxCustomerPage(models.AbstractModel):
    _name = "creditbox.customer.page"
    _description = "Customer Page"

    @api.model
    def get_page(self, partner_id, company_id=False):
        """Return what the page shows of a customer in a company.

        :param partner_id: id of the customer
        :param company_id: id of the company; by default where the customer belongs
        :return: dict of what the sections show: ids, texts, amounts in the company's
            currency, dates as ISO texts
        :raises AccessError: the user may not see the customer, or the company
        """
        partner, company = self._customer(partner_id, company_id)
        page = self.with_company(company)._gather(partner, company)
        return {name: self._plain(value) for name, value in page.items()}

    def _customer(self, partner_id, company_id):
        """:return: (res.partner, res.company) that the user may see"""
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner = partner.commercial_partner_id
        partner.check_access("read")
        self.env["creditbox.position"].check_access("read")
        company = self.env["res.company"].browse(company_id or ())
        company = company or partner.company_id or self._usual_company(partner)
        if company not in self.env.companies:
            raise AccessError(self.env._("This customer is of another company."))
        if partner.company_id and partner.company_id != company:
            raise AccessError(self.env._("This customer is of another company."))
        return partner, company

    def _usual_company(self, partner):
        """:return: where the customer owes most, of the companies chosen"""
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", partner.id)],
            order="amount_overdue desc, id",
            limit=1,
        )
        return position.company_id or self.env.company

    def _plain(self, value):
        """Dates and moments as texts, as the browser reads them."""
        if isinstance(value, dict):
            return {key: self._plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        return value.isoformat() if hasattr(value, "isoformat") else value

    def _gather(self, partner, company):
        positions = self._positions(partner, company)
        user = self.env.user
        return {
            "partner": self._partner(partner),
            "company": {"id": company.id, "name": company.name},
            "companies": self._companies(partner),
            "currency_id": company.currency_id.id,
            "today": company._creditbox_today(),
            "operator": user.has_group("creditbox_base.group_operator"),
            "supervisor": user.has_group("creditbox_base.group_supervisor"),
            "user_id": user.id,
            "totals": self._totals(partner, company),
            "positions": self._position_rows(positions, partner, company),
            "next": self._next_actions(partner, company),
            "promise": self._promise(partner, company),
            "banners": self._banners(partner, company),
            "badges": self._badges(partner, company),
            "buttons": self._buttons(partner, company),
            "activities": self._activities(partner, company, positions),
            "bills": self._bills(partner, company),
            "checks": self.env["creditbox.customer.check"]._found(partner, company),
        }

    # -- who -----------------------------------------------------------------------

    def _partner(self, partner):
        lines = (partner.street, partner.street2)
        town = " ".join(filter(None, (partner.zip, partner.city)))
        state = partner.state_id.code and f"({partner.state_id.code})"
        return {
            "id": partner.id,
            "name": partner.name or "",
            "code": partner.creditbox_code or "",
            "type": partner.creditbox_customer_type_id.name or "",
            "fiscal_code": partner.creditbox_fiscal_code or "",
            "vat": partner.vat or "",
            "is_company": partner.is_company,
            "address": ", ".join(
                filter(None, (*lines, " ".join(filter(None, (town, state)))))
            ),
            "phones": [
                {"kind": kind, "number": number}
                for kind, number in (
                    ("mobile", partner.creditbox_mobile),
                    ("phone", partner.phone),
                )
                if number
            ],
            "email": partner.email or "",
            "pec": partner.creditbox_pec or "",
            "no_email": partner.creditbox_no_email,
        }

    def _companies(self, partner):
        """The companies that the customer may be looked at in, if several."""
        if partner.company_id:
            return []
        groups = self.env["creditbox.position"]._read_group(
            [("partner_id", "=", partner.id)], ["company_id"]
        )
        return [{"id": company.id, "name": company.name} for (company,) in groups]

    # -- what is owed --------------------------------------------------------------

    def _totals(self, partner, company):
        [sums] = self.env["creditbox.position"]._read_group(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
            [],
            [
                "amount_overdue:sum",
                "amount_not_due:sum",
                "amount_credit:sum",
                "amount_held:sum",
                "amount_balance:sum",
                "overdue_count:sum",
                "days_overdue:max",
                "oldest_due_date:min",
                "__count",
            ],
        )
        names = "overdue not_due credit held balance bills days since positions"
        return dict(zip(names.split(), sums, strict=True))

    def _positions(self, partner, company):
        return self.env["creditbox.position"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
            order="amount_overdue desc, id",
            limit=POSITION_LIMIT,
        )

    def _position_rows(self, positions, partner, company):
        """Supply by supply; at the end supplies on which nothing was ever billed."""
        never_billed = self.env["creditbox.supply"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("position_ids", "=", False),
            ],
            limit=POSITION_LIMIT - len(positions),
        )
        today = company._creditbox_today()
        rows = [
            self._position_row(position)
            | {"supply": self._supply(position.supply_id, today)}
            for position in positions
        ]
        return rows + [
            {"id": False, "state": "regular", "supply": self._supply(supply, today)}
            for supply in never_billed
        ]

    def _position_row(self, position):
        return {
            "id": position.id,
            "state": position.state,
            "overdue": position.amount_overdue,
            "not_due": position.amount_not_due,
            "credit": position.amount_credit,
            "held": position.amount_held,
            "held_until": position.held_until or False,
            "days": position.days_overdue,
            "user_id": position.user_id.id,
            "user": position.user_id.name or "",
        }

    def _supply(self, supply, today):
        if not supply:
            return False
        town = " ".join(filter(None, (supply.zip, supply.city)))
        protected = supply.protected_until
        return {
            "id": supply.id,
            "code": supply.code,
            "service": supply.service_type_id.name or "",
            "address": ", ".join(filter(None, (supply.street, town))),
            "meter_id": supply.meter_id.id,
            "meter": supply.meter_id.serial or "",
            "meter_state": supply.meter_state_id.name or "",
            "supplied": supply.meter_state_id.supplied,
            "suspendable": supply.meter_type_id.suspendable,
            "ended": bool(supply.date_end and supply.date_end < today)
            and supply.date_end,
            "protected_until": protected if protected and protected >= today else False,
            "protected_reason": supply.protected_reason or "",
        }

    def _bills(self, partner, company):
        """What is open, oldest first, with where it stands among the reminders."""
        positions = self.env["creditbox.position"]
        today = company._creditbox_today()
        positions._flush_debts()
        self.env["creditbox.item"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.line_id AS id, line.move_id, line.residual, line.held_until,
                       line.date_maturity AS due,
                       %(today)s - line.date_maturity AS days,
                       entry.balance AS amount, entry.date,
                       COALESCE(move.creditbox_ref, move.name) AS number,
                       move.move_type, move.creditbox_charge AS charge,
                       supply.code AS supply, item.step, item.exclusion,
                       item.next_date, item.next_rule_id,
                       COUNT(*) OVER () AS total
                  FROM (%(lines)s) AS line
                  JOIN account_move_line AS entry ON entry.id = line.line_id
                  JOIN account_move AS move ON move.id = line.move_id
                  LEFT JOIN creditbox_supply AS supply ON supply.id = line.supply_id
                  LEFT JOIN creditbox_item AS item ON item.move_line_id = line.line_id
                 ORDER BY line.date_maturity, line.line_id
                 LIMIT %(limit)s
                """,
                lines=positions._sql_held_lines(company, today, partner.ids),
                today=today,
                limit=BILL_LIMIT,
            )
        )
        rules = self.env["creditbox.rule"].browse(
            {row["next_rule_id"] for row in rows if row["next_rule_id"]}
        )
        names = {rule.id: rule.name for rule in rules}
        for row in rows:
            row["next"] = names.get(row.pop("next_rule_id"), "")
        return rows

    # -- small things of the header, for other addons to add to --------------------

    def _badges(self, partner, company):
        """Small cards beside the figures: a score, a repayment plan…

        :return: list of dicts: label, value, style (success, warning, danger, info),
            hint and optionally action (as doAction takes it)
        """
        return []

    def _buttons(self, partner, company):
        """What may be done with the customer beside what the page has itself.

        :return: list of dicts: label, icon and method, of this model, that is called
            with the ids of customer and company and returns an action
        """
        return []

    def _banners(self, partner, company):
        """What must not be overlooked: holds, protection …

        :return: list of dicts: style, icon, text, and model and id of its record
        """
        return [*self._hold_banners(partner, company)]

    def _hold_banners(self, partner, company):
        today = company._creditbox_today()
        holds = self.env["creditbox.hold"].search(
            [
                ("customer_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "=", "active"),
                ("date_to", ">=", today),
                ("promise_id", "=", False),
            ],
            limit=5,
        )
        for hold in holds:
            held = hold.move_id.creditbox_ref or hold.move_id.name or ""
            yield {
                "style": "info",
                "icon": "fa-pause-circle",
                "text": self.env._(
                    "On hold until %(day)s: %(reason)s – %(what)s (%(user)s)",
                    day=format_date(self.env, hold.date_to),
                    reason=hold.reason_id.name,
                    what=held or hold.supply_id.code or self.env._("whole customer"),
                    user=hold.user_id.name,
                ),
                "model": "creditbox.hold",
                "id": hold.id,
            }
