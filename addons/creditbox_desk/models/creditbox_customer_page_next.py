"""The page's answer to «what happens next?»: reminders to come, promise, activities."""

from datetime import timedelta

from odoo import models

from odoo.addons.creditbox_dunning.models.creditbox_action import PENDING_STATES


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    def _next_actions(self, partner, company):
        """Actions under way, then the next one that the table has for each supply.

        :return: list of dicts: name, code, date (empty: at the next run), state,
            model, id, supply, amount, exception
        """
        return [
            *self._pending_actions(partner, company),
            *self._coming_actions(partner, company),
        ]

    def _pending_actions(self, partner, company):
        actions = self.env["creditbox.action"].search(
            [
                self._domain_positions(partner, company),
                "|",
                ("state", "in", PENDING_STATES),
                "&",
                ("state", "=", "planned"),
                ("exception", "!=", False),
            ],
            limit=5,
        )
        labels = self._labels("creditbox.action", "state")
        exceptions = self._labels("creditbox.action", "exception")
        return [
            {
                "name": action.rule_id.name,
                "code": action.code,
                "date": action.date_planned,
                "state": labels[action.state],
                "model": action._name,
                "id": action.id,
                "supply": action.supply_id.code or "",
                "amount": action.amount,
                "exception": exceptions.get(action.exception, ""),
            }
            for action in actions
        ]

    def _coming_actions(self, partner, company):
        """The first step to come of each supply, by the last evaluation."""
        items = self.env["creditbox.item"].search(
            [
                self._domain_positions(partner, company),
                ("next_date", "!=", False),
            ],
            order="next_date, step desc",
            limit=200,
        )
        first = {}
        for item in items:
            first.setdefault(item.position_id, item)
        today = company._creditbox_today()
        return [
            {
                "name": item.next_rule_id.name,
                "code": item.next_rule_id.code,
                "date": self._earliest(item.next_date, position, today),
                "state": self.env._("after the hold") if position.held_until else "",
                "model": "creditbox.position",
                "id": position.id,
                "supply": position.supply_id.code or "",
                "amount": position.amount_overdue,
                "exception": "",
            }
            for position, item in list(first.items())[:5]
        ]

    def _earliest(self, day, position, today):
        """:return: date of the step, not before the hold ends; False: the next run"""
        if position.held_until:
            day = max(day, position.held_until + timedelta(days=1))
        return day >= today and day

    def _domain_positions(self, partner, company):
        """:return: condition on what names a position: it is one of the customer's"""
        theirs = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        return ("position_id", "any", theirs)

    def _labels(self, model, field):
        """:return: {value: text} of a selection, in the user's language"""
        found = self.env[model]._fields[field]._description_selection(self.env)
        return dict(found)

    def _promise(self, partner, company):
        """The open promises, and whether the next one needs a supervisor."""
        promises = self.env["creditbox.promise"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("state", "=", "open"),
            ]
        )
        labels = self._labels("creditbox.promise.line", "state")
        return {
            "broken": partner._creditbox_broken_promises(company).get(partner, 0),
            "open": [
                {
                    "id": promise.id,
                    "supply": promise.position_id.supply_id.code or "",
                    "amount": promise.amount,
                    "amount_paid": promise.amount_paid,
                    "user": promise.user_id.name,
                    "date": promise.date,
                    "lines": [
                        {
                            "id": line.id,
                            "date": line.date,
                            "amount": line.amount,
                            "amount_paid": line.amount_paid,
                            "state": line.state,
                            "label": labels[line.state],
                        }
                        for line in promise.line_ids
                    ],
                }
                for promise in promises
            ],
        }

    def _activities(self, partner, company, positions):
        """Open activities on the customer and what belongs to him, soonest first."""
        targets = self._targets(partner, company, positions)
        domain = [("res_model", "=", "creditbox.none")]
        for model, ids in targets.items():
            domain = [
                "|",
                "&",
                ("res_model", "=", model),
                ("res_id", "in", ids),
                *domain,
            ]
        activities = self.env["mail.activity"].search(
            domain, order="date_deadline, id", limit=10
        )
        return [
            {
                "id": activity.id,
                "type": activity.activity_type_id.name or "",
                "icon": activity.activity_type_id.icon or "fa-clock-o",
                "summary": activity.summary or "",
                "date": activity.date_deadline,
                "user": activity.user_id.name or "",
                "user_id": activity.user_id.id,
            }
            for activity in activities
        ]

    def _targets(self, partner, company, positions):
        """:return: {model: ids} of the records on which people write about him"""
        promises = self.env["creditbox.promise"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=50
        )
        targets = {
            "creditbox.position": positions.ids,
            "creditbox.promise": promises.ids,
        }
        if partner._creditbox_notebook(company) == partner:
            targets["res.partner"] = partner.ids
        return targets
