"""Kept, late or broken: what the accounts say, by two statements a company."""

from odoo import api, models
from odoo.tools import SQL

from .creditbox_plan import LIVE

BATCH = 50  # plans that end in one transaction


class CreditboxPlan(models.Model):
    _inherit = "creditbox.plan"

    @api.model
    def _cron_value(self):
        """Every night: days have gone by. What ends, ends in small transactions."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            running = self.search(
                [("company_id", "=", company.id), ("state", "in", LIVE)]
            )
            running._collect()
            broken = running._value_sets(company)
            expired = self._expired(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)
            for start in range(0, len(broken), BATCH):
                broken[start : start + BATCH]._break_late()
                self.env["ir.cron"]._commit_progress(0)
            for start in range(0, len(expired), BATCH):
                expired[start : start + BATCH]._expire()
                self.env["ir.cron"]._commit_progress(0)

    def _value(self):
        """Compare the plans with what was paid, and act on what has changed."""
        for company, plans in self.grouped("company_id").items():
            plans._value_sets(company)

    def _value_sets(self, company):
        """:return: the plans that are broken now, and have not been ended yet"""
        if not self:
            return self
        self._value_lines(company)
        changed, broken = self._value_plans(company)
        self._follow_states(changed)
        return self.browse(broken)

    def _value_lines(self, company):
        """Bring the instalments to what the accounts say.

        A few cents, and a few days, are let pass.
        """
        self.env["creditbox.position"]._flush_debts()
        self.env["creditbox.plan.line"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH account AS (
                    SELECT line.id, line.amount,
                           GREATEST(0, line.amount
                               - COALESCE(SUM(entry.amount_residual), 0)) AS paid,
                           line.date_due
                      FROM creditbox_plan_line line
                      LEFT JOIN account_move_line entry
                        ON entry.move_id = line.move_id AND entry.balance > 0
                       AND entry.account_id = ANY(%(accounts)s)
                     WHERE line.plan_id = ANY(%(ids)s) AND line.state <> 'ended'
                     GROUP BY line.id
                ), verdict AS (
                    SELECT id, paid,
                           CASE WHEN paid >= amount - LEAST(%(cents)s, amount / 2)
                                THEN 'paid'
                                WHEN date_due + %(days)s < %(today)s THEN 'late'
                                ELSE 'open' END AS state
                      FROM account
                )
                UPDATE creditbox_plan_line line
                   SET amount_paid = verdict.paid, state = verdict.state
                  FROM verdict
                 WHERE line.id = verdict.id
                   AND (line.amount_paid, line.state)
                       IS DISTINCT FROM (verdict.paid, verdict.state)
                """,
                accounts=self.env["creditbox.position"]
                ._receivable_accounts(company)
                .ids,
                ids=self.ids,
                cents=company.creditbox_plan_tolerance_amount,
                days=company.creditbox_plan_tolerance_days,
                today=company._creditbox_today(),
            )
        )
        self.env["creditbox.plan.line"].invalidate_model(["amount_paid", "state"])

    def _value_plans(self, company):
        """Bring the plans to what their instalments say.

        :return: ({id: (state before, state now)}, ids of those broken)
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH verdict AS (
                    SELECT plan.id, plan.state AS before,
                           SUM(line.amount_paid) AS paid,
                           COUNT(*) FILTER (WHERE line.state = 'late') AS late,
                           COUNT(*) FILTER (WHERE line.state <> 'paid') AS unpaid,
                           MIN(line.date_due) FILTER (WHERE line.state <> 'paid')
                               AS next_date
                      FROM creditbox_plan plan
                      JOIN creditbox_plan_line line ON line.plan_id = plan.id
                     WHERE plan.id = ANY(%(ids)s)
                     GROUP BY plan.id
                ), figures AS (
                    SELECT verdict.*,
                           CASE WHEN unpaid = 0 THEN 'kept'
                                WHEN late > 0 THEN 'late'
                                ELSE 'live' END AS state,
                           COALESCE((
                               SELECT SUM(line.amount - line.amount_paid)
                                 FROM creditbox_plan_line line
                                WHERE line.plan_id = verdict.id
                                  AND line.date_due = verdict.next_date), 0)
                               AS next_amount
                      FROM verdict
                ), written AS (
                    UPDATE creditbox_plan plan
                       SET amount_paid = figures.paid,
                           amount_open = plan.amount_total - figures.paid,
                           late_count = figures.late, state = figures.state,
                           next_date = figures.next_date,
                           next_amount = figures.next_amount,
                           date_end = CASE WHEN figures.state = 'kept'
                               THEN COALESCE(plan.date_end, %(today)s) END
                      FROM figures
                     WHERE plan.id = figures.id
                       AND (plan.amount_paid, plan.late_count, plan.state,
                            plan.next_date, plan.next_amount)
                           IS DISTINCT FROM (figures.paid, figures.late,
                            figures.state, figures.next_date, figures.next_amount)
                )
                SELECT id, before, state, state = 'late' AND late >= %(most)s AS broken
                  FROM figures
                """,
                ids=self.ids,
                today=company._creditbox_today(),
                most=max(company.creditbox_plan_late_max, 1),
            )
        )
        self.invalidate_model(
            [
                *("amount_paid", "amount_open", "late_count", "state"),
                *("next_date", "next_amount", "date_end"),
            ]
        )
        changed = {id_: (old, now) for id_, old, now, _broken in rows if old != now}
        return changed, [id_ for id_, _old, _now, broken in rows if broken]

    def _follow_states(self, changed):
        """Say it on the chatter; somebody calls whoever is late.

        :param changed: {id: (state before, state now)}
        """
        if not changed:
            return
        plans = self.browse(changed)
        names = dict(self._fields["state"]._description_selection(self.env))
        plans._message_log_batch(
            bodies={
                plan.id: self.env._(
                    "%(before)s → %(now)s: %(paid)s paid of %(amount)s.",
                    before=names[changed[plan.id][0]],
                    now=names[changed[plan.id][1]],
                    paid=plan.currency_id.format(plan.amount_paid),
                    amount=plan.currency_id.format(plan.amount_total),
                )
                for plan in plans
            }
        )
        late = plans.filtered(lambda plan: plan.state == "late")
        (plans - late)._forget_activities()
        late._raise_activities()

    def _raise_activities(self):
        """Somebody must speak with the customer: once a delay."""
        kind = self.env.ref("creditbox_plan.mail_activity_type_late")
        asked = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        silent = self.filtered(lambda plan: plan.id not in asked.mapped("res_id"))
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": plan.id,
                    "summary": plan._late_summary(),
                    "date_deadline": plan.company_id._creditbox_today(),
                    "user_id": plan.user_id.id,
                }
                for plan in silent
            ]
        )

    def _late_summary(self):
        speaking = self.with_context(lang=self.user_id.lang)
        return speaking.env._(
            "Late instalment: %s to pay", speaking.currency_id.format(self.next_amount)
        )

    def _forget_activities(self):
        kind = self.env.ref("creditbox_plan.mail_activity_type_late")
        self.activity_ids.filtered(lambda a: a.activity_type_id == kind).unlink()

    # -- what ends by itself -------------------------------------------------------

    def _break_late(self):
        """Too many instalments are late: the benefit of the term is lost."""
        for plan in self._take("late"):
            plan._end(
                "broken",
                self.env._(
                    "Broken: %(late)s instalments late (c.c. art. 1186)",
                    late=plan.late_count,
                ),
            )

    @api.model
    def _expired(self, company):
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "proposed"),
                ("date_expiry", "<", company._creditbox_today()),
            ]
        )

    def _expire(self):
        self._take("proposed")._give_up(
            "expired", self.env._("Not accepted in time: the reminders go on")
        )
