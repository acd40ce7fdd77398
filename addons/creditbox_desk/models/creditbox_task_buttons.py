"""What can be done with the rows of My Day, one or many at once."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .creditbox_task import ACTION, ACTIVITY, HOLD, MODELS, PROMISE


class CreditboxTask(models.Model):
    _inherit = "creditbox.task"

    def _records(self, source):
        """:return: records that the rows of a source come from"""
        rows = self.filtered(lambda task: task.source == source)
        return self.env[MODELS[source]].browse(rows.mapped("record_id"))

    def _positions(self):
        """The positions of the rows; where they name none, all of the customer's."""
        whole = self.filtered(lambda task: not task.position_id)
        domain = Domain.OR(
            Domain("partner_id", "=", task.partner_id.id)
            & Domain("company_id", "=", task.company_id.id)
            for task in whole
        )
        positions = self.position_id
        if whole:
            positions |= positions.search(domain)
        return positions

    def action_open_page(self):
        """:return: action that opens the customer's page"""
        self.ensure_one()
        return self.partner_id._creditbox_open_page(self.company_id)

    def action_open_record(self):
        """:return: window of the record that the row comes from"""
        self.ensure_one()
        record = self._records(self.source)
        if self.source == ACTIVITY:
            return record.action_open_document()
        if self.source == PROMISE:
            record = record.promise_id
        return record.get_formview_action()

    # -- whose ---------------------------------------------------------------------

    def action_take(self):
        """Take the rows over: each of them says so on its record's chatter."""
        self._require("creditbox_base.group_operator")
        self._give(self.env.user)

    def _give(self, user):
        """
        :param user: res.users that the rows, and what they stand for, pass to
        """
        self._give_activities(user)
        promises = self._records(PROMISE).promise_id
        promises.user_id = user
        self._records(HOLD).user_id = user  # tracked
        rows = self.filtered(lambda task: task.source in (ACTION, PROMISE))
        rows.position_id._assign(user)
        self.invalidate_model()

    def _give_activities(self, user):
        activities = self._records(ACTIVITY).filtered(lambda a: a.user_id != user)
        for model, theirs in activities.grouped("res_model").items():
            self.env[model].browse(theirs.mapped("res_id"))._message_log_batch(
                bodies={
                    activity.res_id: self.env._(
                        "%(user)s: “%(what)s” from %(before)s to %(now)s",
                        user=self.env.user.name,
                        what=activity.summary or activity.activity_type_id.name,
                        before=activity.user_id.name or self.env._("nobody"),
                        now=user.name,
                    )
                    for activity in theirs
                }
            )
        activities.user_id = user

    def action_assign(self):
        """:return: window that gives the rows to an operator"""
        self._require("creditbox_base.group_operator")
        return self.env["creditbox.position.assign"]._open(
            self._positions(), task_ids=self.ids
        )

    # -- when ----------------------------------------------------------------------

    def action_postpone(self):
        """:return: window that asks until when"""
        self._require("creditbox_base.group_operator")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Postpone"),
            "res_model": "creditbox.task.postpone",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_tasks": ",".join(map(str, self.ids))},
        }

    def _postpone(self, day):
        """
        :param day: date on which the rows come back
        """
        self._records(ACTIVITY).date_deadline = day
        others = self.filtered(lambda task: task.source != ACTIVITY)
        others._put_off({"date_until": day})
        self.invalidate_model()

    def action_done(self):
        """Settle the rows: activities are closed, the rest is no longer shown."""
        self._require("creditbox_base.group_operator")
        self._records(ACTIVITY).action_feedback()
        others = self.filtered(lambda task: task.source != ACTIVITY)
        others._put_off({"done": True})
        self.invalidate_model()

    def _put_off(self, values):
        # nobody writes this table but these buttons
        known = self.env["creditbox.task.put.off"].sudo()
        known.search([("task_id", "in", self.ids)]).unlink()
        known.create(
            [
                {
                    "task_id": task.id,
                    "company_id": task.company_id.id,
                    "user_id": self.env.uid,
                    **values,
                }
                for task in self
            ]
        )

    # -- doing ---------------------------------------------------------------------

    def action_hold(self):
        """:return: window that puts the customers' debts on hold"""
        self._require("creditbox_base.group_operator")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_position_hold_action"
        )
        positions = self._positions()
        context = {
            "active_ids": positions.ids,
            "active_model": positions._name,
            "creditbox_stay": True,
        }
        return {**action, "context": context}

    def action_approve(self):
        """Approve the actions among the rows that wait for it."""
        actions = self._records(ACTION).filtered(lambda a: a.state == "to_approve")
        if not actions:
            raise UserError(self.env._("None of these waits for an approval."))
        actions.action_approve()

    def action_send(self):
        """Write to the customers of the rows.

        :return: window of the draft of the mailing
        """
        self._require("creditbox_base.group_operator")
        return self._positions().action_write_to_customers()
