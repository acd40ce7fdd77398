from odoo import models
from odoo.tools import SQL

from .creditbox_regulation_term import EVENT_FIELDS
from .creditbox_rule import CODES

# all that is overdue on the position of the proposal t
SQL_DEBT = SQL("(t.amount + t.amount_other)")


class CreditboxEvaluation(models.AbstractModel):
    """Point 8, the law: no step of the procedure without those before it, nor early.

    creditbox.chain says the same of single bills, in Python.
    """

    _inherit = "creditbox.evaluation"

    def _guard_law(self, run):
        """Turn into exceptions the proposals that the law does not allow."""
        rules = run.rule_set_id.rule_ids
        if not rules.filtered(lambda r: r.legal_step or r.code == "technical"):
            return
        law = self._law(run)
        self.env.flush_all()
        self._guard_unnamed_steps(run, law)
        self._guard_legal_steps(law)
        self._guard_debts(run, law.steps.filtered("service_type_id"))
        self._guard_terms(run, law.terms.filtered("service_type_id"))

    def _law(self, run):
        """:return: creditbox_chain.Law, in the language of whoever reads the notes"""
        return run._speaking().env["creditbox.chain"]._law(run.company_id, run.as_of)

    def _guard_unnamed_steps(self, run, law):
        """Nothing is done to a meter by a row that does not say which step it is."""
        self._mark_steps(
            SQL("t.code = 'technical'"),
            [
                (service.id, None, None, "no_chain", self._note_unnamed(run))
                for service in law.steps.service_type_id
            ],
        )

    def _note_unnamed(self, run):
        return run._speaking().env._("The row does not say its legal step")

    def _guard_legal_steps(self, law):
        """Days and channels: the same for all bills of a service and a step."""
        steps = law.steps.filtered("service_type_id")
        self._mark_steps(
            SQL("TRUE"),
            [
                (s.service_type_id.id, s.legal_step, None, "forbidden_day", s._cited())
                for s in steps
                if not s._permits(law.day)
            ],
        )
        self._mark_steps(
            SQL("TRUE"),
            [
                (
                    s.service_type_id.id,
                    s.legal_step,
                    code,
                    "unlawful_channel",
                    s._cited(),
                )
                for s in steps
                for code, _label in CODES
                if not s._allows(code)
            ],
        )

    def _mark_steps(self, condition, wrong):
        """Mark by one statement what is wrong for a service, a step and a channel.

        :param condition: SQL on the proposal ``t``
        :param wrong: list of (service id, legal step or None for rows without one,
            code or None for any, exception, note)
        """
        if not wrong:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_tmp_proposal t
                   SET exception = wrong.exception, exception_note = wrong.note
                  FROM (VALUES %(wrong)s)
                       AS wrong (service, step, code, exception, note)
                 WHERE t.service_type = wrong.service
                   AND t.legal_step IS NOT DISTINCT FROM wrong.step
                   AND COALESCE(wrong.code, t.code) = t.code
                   AND t.exception IS NULL AND %(condition)s
                """,
                wrong=SQL(", ").join(
                    SQL("(%s, %s::varchar, %s::varchar, %s, %s)", *row) for row in wrong
                ),
                condition=condition,
            )
        )

    def _guard_debts(self, run, steps):
        """Steps that the law allows for a debt of a certain size only.

        The debt is all that is overdue, held against what the supply pays a year for
        the subsidised band.
        """
        known = set(run.rule_set_id.rule_ids.mapped("legal_step"))
        for step in steps.filtered(lambda s: s.debt_multiple and s.legal_step in known):
            types = step.debt_customer_type_ids.ids
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE creditbox_tmp_proposal t
                       SET exception = 'small_debt',
                           exception_note = CASE
                               WHEN t.subsidised IS NULL THEN %(unknown)s
                               ELSE replace(replace(
                                   %(note)s, '{debt}', %(debt_text)s),
                                   '{limit}', %(limit_text)s)
                           END
                     WHERE t.exception IS NULL AND t.service_type = %(service)s
                       AND t.legal_step = %(step)s AND %(concerned)s
                       AND (%(debt)s > %(limit)s) IS NOT TRUE
                    """,
                    note=step._note_small_debt("{debt}", "{limit}"),
                    unknown=step._note_unknown_band(),
                    service=step.service_type_id.id,
                    step=step.legal_step,
                    concerned=SQL("t.customer_type IN %s", tuple(types))
                    if types
                    else SQL("TRUE"),
                    debt=SQL_DEBT,
                    limit=self._sql_multiple(step.debt_multiple),
                    debt_text=self._sql_figure(step, SQL_DEBT),
                    limit_text=self._sql_figure(
                        step, self._sql_multiple(step.debt_multiple)
                    ),
                )
            )

    def _sql_multiple(self, times):
        """SQL of so many times the subsidised band of a year, NULL: not known."""
        return SQL("round(%s::numeric * t.subsidised, 2)", times)

    def _sql_figure(self, step, amount):
        """SQL of an amount as creditbox.regulation.step writes it in its notes."""
        return SQL(
            "replace(to_char(%s, 'FM999999999990.00'), '.', %s)",
            amount,
            step._decimal_point(),
        )

    def _guard_terms(self, run, terms):
        """What a step waits for: an earlier one, its proof, days that have passed."""
        if not terms:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH term (step, service, customer, event, event_step, latest,
                           debt_up_to, label) AS (VALUES %(terms)s),
                bill AS (
                    SELECT t.action_id, i.item_id, i.date_due
                      FROM creditbox_tmp_proposal t
                      JOIN creditbox_tmp_ripe i
                        ON i.position_id = t.position_id AND i.rule_id = t.rule_id
                       AND i.ripe_date <= %(as_of)s
                     WHERE t.exception IS NULL
                       AND (t.service_type, t.legal_step) IN (
                           SELECT service, step FROM term)
                ), event AS (%(events)s),
                breach AS (
                    SELECT t.action_id,
                           bool_or(event.bills IS DISTINCT FROM t.bill_count)
                           AS incomplete,
                           string_agg(DISTINCT term.label, '; ') AS note
                      FROM creditbox_tmp_proposal t
                      JOIN term ON term.step = t.legal_step
                       AND term.service = t.service_type
                       AND COALESCE(term.customer, t.customer_type) = t.customer_type
                       AND (%(debt)s > %(debt_up_to)s) IS NOT TRUE
                      LEFT JOIN event
                        ON event.action_id = t.action_id AND event.name = term.event
                       AND event.step = term.event_step
                     WHERE t.exception IS NULL
                       AND (event.bills IS DISTINCT FROM t.bill_count
                            OR event.day > term.latest)
                     GROUP BY t.action_id
                )
                UPDATE creditbox_tmp_proposal t
                   SET exception = CASE WHEN incomplete THEN 'no_chain'
                                        ELSE 'too_early' END,
                       exception_note = note
                  FROM breach
                 WHERE breach.action_id = t.action_id
                """,
                terms=SQL(", ").join(self._sql_terms(run, terms)),
                events=self._sql_events(run),
                debt=SQL_DEBT,
                debt_up_to=self._sql_multiple(SQL("term.debt_up_to")),
                as_of=run.as_of,
            )
        )

    def _sql_terms(self, run, terms):
        """Yield a row of values for each term and customer type that it is for.

        ``latest``: the last day on which its event may have been.
        """
        for term in terms:
            for customer in term.customer_type_ids.ids or [None]:
                yield SQL(
                    "(%s, %s, %s::integer, %s, %s, %s::date, %s::numeric, %s)",
                    term.legal_step,
                    term.service_type_id.id,
                    customer,
                    term.event,
                    term.event_step or "",
                    term._latest_event(run.as_of),
                    term.debt_up_to or None,
                    term.display_name,
                )

    def _sql_events(self, run):
        """The days from which terms count, of the action's bills all together.

        Of several sendings or proofs for a bill the first counts, of several last days
        to pay the last: the customer may rely on it. Of several bills the latest day.

        :return: SQL of (action_id, name, step: whose event, day, bills: how many of
            them it has happened to); no row where nothing of the step was done
        """
        return SQL(
            """
            SELECT action_id, 'due' AS name, '' AS step, MAX(date_due) AS day,
                   COUNT(*) AS bills
              FROM bill
             GROUP BY action_id
             UNION ALL
            SELECT action_id, event.name, step, MAX(event.day), COUNT(event.day)
              FROM (
                SELECT action_id, item_id, step, %(days)s
                  FROM (%(steps)s) step
                 WHERE step IN (SELECT event_step FROM term)
                 GROUP BY action_id, item_id, step
              ) AS done
             CROSS JOIN LATERAL (VALUES %(names)s) AS event (name, day)
             GROUP BY action_id, step, event.name
            """,
            steps=self._sql_steps_done(run),
            days=SQL(", ").join(
                SQL(
                    "%s(%s) AS %s",
                    SQL("MAX" if event == "deadline" else "MIN"),
                    SQL.identifier(event),
                    SQL.identifier(event),
                )
                for event in EVENT_FIELDS
            ),
            names=SQL(", ").join(
                SQL("(%s, done.%s)", event, SQL.identifier(event))
                for event in EVENT_FIELDS
            ),
        )

    def _sql_steps_done(self, run):
        """SELECT each step of the procedure that was done for the bills of ``bill``.

        :return: SQL of (action_id, item_id, step, and the days of EVENT_FIELDS)
        """
        return SQL(
            """
            SELECT bill.action_id, bill.item_id, r.legal_step AS step, %s
              FROM bill
              JOIN creditbox_action_line l ON l.item_id = bill.item_id
              JOIN creditbox_action a ON a.id = l.action_id
              JOIN creditbox_rule r ON r.id = l.rule_id
             WHERE l.executed
            """,
            SQL(", ").join(
                SQL("a.%s AS %s", SQL.identifier(column), SQL.identifier(event))
                for event, column in EVENT_FIELDS.items()
            ),
        )

    def _sql_reaches_protected(self, run):
        """Condition that the regulation lets the step reach protected users."""
        steps = self._law(run).steps.filtered("service_type_id")
        spared = steps.filtered("spares_protected")
        reaching = {(s.service_type_id.id, s.legal_step) for s in steps} - {
            (s.service_type_id.id, s.legal_step) for s in spared
        }
        if not reaching:
            return SQL("FALSE")
        return SQL(
            """
            EXISTS (
                SELECT FROM creditbox_rule r
                 WHERE r.id = t.rule_id AND (s.service_type_id, r.legal_step) IN %s)
            """,
            tuple(reaching),
        )
