"""Who has how much to do."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.creditbox_action import PENDING_STATES


class CreditboxKpi(models.Model):
    _inherit = "creditbox.kpi"

    @api.model
    def _workload(self, companies):
        """Who has how much to do today.

        :return: [{"user_id", "name", "positions", "overdue", "actions", "todo",
            "late", "done"}]: positions with debt, actions not yet gone, activities due
            today and before, done in the last 30 days
        """
        rows = {}

        def row(user):
            return rows.setdefault(
                user.id,
                {
                    "user_id": user.id,
                    # the names of colleagues are no secret
                    "name": user.sudo().name or self.env._("Nobody"),
                    "positions": 0,
                    "overdue": 0,
                    "actions": 0,
                    "todo": 0,
                    "late": 0,
                    "done": 0,
                },
            )

        for user, count, overdue in self.env["creditbox.position"]._read_group(
            self._workload_positions(companies),
            ["user_id"],
            ["__count", "amount_overdue:sum"],
        ):
            row(user).update(positions=count, overdue=overdue)
        for user, count in self._workload_actions(companies):
            row(user)["actions"] = count
        for user, kind, count in self._workload_activities(companies):
            row(user)[kind] = count
        return sorted(rows.values(), key=lambda r: (not r["user_id"], -r["overdue"]))

    @api.model
    def _workload_positions(self, companies):
        return [
            ("company_id", "in", companies.ids),
            ("amount_overdue", ">", 0),
        ]

    @api.model
    def _workload_actions(self, companies):
        self.env["creditbox.action"].flush_model()
        self.env["creditbox.position"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT position.user_id, COUNT(*)
                  FROM creditbox_action AS action
                  JOIN creditbox_position AS position
                    ON position.id = action.position_id
                 WHERE action.company_id = ANY(%s) AND action.state = ANY(%s)
                 GROUP BY position.user_id
                """,
                companies.ids,
                list(PENDING_STATES),
            )
        )
        users = self.env["res.users"]
        return [(users.browse(id_ or []), count) for id_, count in rows]

    @api.model
    def _workload_activities(self, companies):
        """Counts only: what the activities say is not read."""
        today = self.env.company._creditbox_today()
        # how much colleagues have to do is counted, not read
        users = companies.sudo().user_ids.filtered("active")
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        base = Domain("user_id", "in", users.ids) & Domain(
            "res_model", "in", self._workload_models()
        )
        for kind, domain in (
            (
                "todo",
                Domain("active", "=", True) & Domain("date_deadline", "=", today),
            ),
            (
                "late",
                Domain("active", "=", True) & Domain("date_deadline", "<", today),
            ),
            (
                "done",
                Domain("active", "=", False)
                & Domain("date_done", ">", today - timedelta(days=30)),
            ),
        ):
            for user, count in activities._read_group(
                base & domain, ["user_id"], ["__count"]
            ):
                yield user, kind, count

    @api.model
    def _workload_models(self):
        """The records of whose activities a credit office lives."""
        return ["creditbox.position", "creditbox.action", "creditbox.run"]

    @api.model
    def open_workload(self, user_id, kind):
        """:return: action with what an operator has to do: positions, actions"""
        companies, _left_out = self.env["creditbox.console"]._companies()
        if kind == "actions":
            return self._open_actions(
                Domain("company_id", "in", companies.ids)
                & Domain("state", "in", list(PENDING_STATES))
                & Domain("position_id.user_id", "=", user_id)
            )
        domain = Domain(self._workload_positions(companies))
        if kind == "positions":
            domain &= Domain("user_id", "=", user_id)
        else:
            domain &= Domain("activity_ids.user_id", "=", user_id)
        action = self._action("creditbox_base.creditbox_position_action")
        return dict(action, domain=list(domain), context={"create": False})
