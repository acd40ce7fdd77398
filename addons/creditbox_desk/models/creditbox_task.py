"""My Day: one list of what is to be done, and of what is done by itself.

Nothing is stored: each row is read from the record that it comes from. The order is
that of the day's work, in plain words:

1. a customer waits for somebody (he has answered, or is to be called back);
2. a promise was not kept, or falls due: the money is nearest there;
3. something is stuck (a message failed, an action is held back or in doubt): nothing
   goes on by itself until somebody decides;
4. other things to do that are due;
5. a hold that ends: reminders will start again;
6. what the runs do by themselves, to know of it.

Within each, whoever owes more comes first.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.creditbox_action import (
    DONE_STATES,
    PENDING_STATES,
)

HOLD_DAYS = 7  # a hold that ends within so many days is shown
FAILED_DAYS = 30
DONE_DAYS = 3
# by source: the rows' ids are those of the records times SOURCES, plus its number
SOURCES = 8
ACTIVITY, PROMISE, ACTION, HOLD = range(4)
MODELS = {
    ACTIVITY: "mail.activity",
    PROMISE: "creditbox.promise.line",
    ACTION: "creditbox.action",
    HOLD: "creditbox.hold",
}
KINDS = [
    ("reply", "Reply from the customer"),
    ("callback", "Call back"),
    ("promise_broken", "Promise not kept"),
    ("promise_due", "Promise falls due"),
    ("failed", "Message failed"),
    ("exception", "To be decided"),
    ("doubt", "In doubt"),
    ("activity", "To do"),
    ("hold", "Hold ends"),
    ("waiting", "Automatic: to come"),
    ("done", "Automatic: done"),
]
PRIORITIES = [
    ("1", "A customer waits"),
    ("2", "Promises"),
    ("3", "Stuck"),
    ("4", "To do"),
    ("5", "Holds that end"),
    ("6", "By itself"),
]


class CreditboxTask(models.Model):
    _name = "creditbox.task"
    _inherit = ["creditbox.guarded"]
    _description = "Row of My Day"
    _auto = False
    _order = "priority, amount_overdue desc, date, id"
    _rec_name = "summary"

    kind = fields.Selection(KINDS, string="What", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    automatic = fields.Boolean(readonly=True)
    source = fields.Integer(readonly=True)
    record_id = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    position_id = fields.Many2one("creditbox.position", readonly=True)
    user_id = fields.Many2one("res.users", string="Operator", readonly=True)
    date = fields.Date(string="Due", readonly=True)
    summary = fields.Char(readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True, aggregator=None)
    days_overdue = fields.Integer(string="Days", readonly=True, aggregator=None)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("to_approve", "To approve"),
            ("ready", "Ready"),
            ("sending", "Sending"),
            ("done", "Done"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
        ],
        string="State of the action",
        readonly=True,
    )
    what = fields.Char(string="Next action", compute="_compute_what")
    why = fields.Char(string="Why here", compute="_compute_why")
    next_rule_id = fields.Many2one("creditbox.rule", compute="_compute_next")
    next_date = fields.Date(string="Next step", compute="_compute_next")
    chain = fields.Char(
        compute="_compute_chain",
        help="The furthest legal step done for the supply; ✓: its delivery is proved.",
    )
    promise_date = fields.Date(string="Promise", compute="_compute_promise_date")
    held_until = fields.Date(string="Hold", compute="_compute_held_until")
    last_contact = fields.Date(compute="_compute_last_contact")

    # -- the rows ------------------------------------------------------------------

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """In the day's order what is done by itself comes last: it is only looked at
        where a page reaches so far, there may be hundreds of thousands of it."""
        if order or not limit:
            return super().search_fetch(domain, field_names, offset, limit, order)
        by_people = Domain(domain) & Domain("automatic", "=", False)
        by_itself = Domain(domain) & Domain("automatic", "=", True)
        tasks = super().search_fetch(by_people, field_names, offset, limit)
        left = limit - len(tasks)
        if not left:
            return tasks
        before = offset + len(tasks)
        if offset and not tasks:
            before = self.search_count(by_people, limit=offset)
        return tasks + super().search_fetch(
            by_itself, field_names, max(offset - before, 0), left
        )

    @property
    def _table_query(self):
        """The companies are part of the statement: each has its own today."""
        # as the system: only ids, never shown
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        days = SQL(", ").join(
            SQL("(%s, %s::date)", company.id, company._creditbox_today())
            for company in companies
        )
        return SQL(
            """
            SELECT task.id, task.kind, task.source, task.record_id, task.company_id,
                   task.partner_id, task.position_id, task.user_id, task.summary,
                   task.state,
                   CASE WHEN task.kind IN ('reply', 'callback') THEN '1'
                        WHEN task.kind IN ('promise_broken', 'promise_due') THEN '2'
                        WHEN task.kind IN ('failed', 'exception', 'doubt') THEN '3'
                        WHEN task.kind = 'activity' THEN '4'
                        WHEN task.kind = 'hold' THEN '5' ELSE '6' END AS priority,
                   task.automatic,
                   GREATEST(task.date, off.date_until) AS date,
                   CASE WHEN task.position_id IS NOT NULL THEN position.amount_overdue
                        ELSE total.amount_overdue END AS amount_overdue,
                   CASE WHEN task.position_id IS NOT NULL THEN position.days_overdue
                        ELSE total.days_overdue END AS days_overdue
              FROM (%(rows)s) AS task
              LEFT JOIN creditbox_position AS position
                ON position.id = task.position_id
              LEFT JOIN LATERAL (
                    SELECT SUM(amount_overdue) AS amount_overdue,
                           MAX(days_overdue) AS days_overdue
                      FROM creditbox_position AS of_customer
                     WHERE task.position_id IS NULL
                       AND of_customer.partner_id = task.partner_id
                       AND of_customer.company_id = task.company_id
                   ) AS total ON TRUE
              LEFT JOIN creditbox_task_put_off AS off ON off.task_id = task.id
             WHERE off.done IS NOT TRUE
            """,
            rows=SQL(" UNION ALL ").join(self._sql_rows(days)),
        )

    def _sql_rows(self, days):
        """Yield the statement of each source.

        :param days: SQL of rows (company, its today)
        """
        yield from self._sql_activities()
        yield self._sql_promises(days)
        yield from self._sql_actions(days)
        yield self._sql_holds(days)

    def _sql_row_id(self, table, source):
        return SQL(
            "%s * %s + %s AS id, %s AS source, %s AS record_id",
            SQL.identifier(table, "id"),
            SOURCES,
            source,
            source,
            SQL.identifier(table, "id"),
        )

    def _sql_activities(self):
        """What people have planned on positions, promises, actions and customers."""
        kinds = {
            self.env.ref(xmlid).id: kind
            for xmlid, kind in (
                ("creditbox_dunning.mail_activity_type_reply", "reply"),
                ("creditbox_desk.mail_activity_type_callback", "callback"),
                ("creditbox_desk.mail_activity_type_promise", "promise_broken"),
            )
        }
        kind = SQL(
            "CASE %s ELSE 'activity' END",
            SQL(" ").join(
                SQL("WHEN activity.activity_type_id = %s THEN %s", id_, name)
                for id_, name in kinds.items()
            ),
        )
        places = (
            ("creditbox.position", SQL("record.id"), SQL("record.partner_id")),
            (
                "creditbox.promise",
                SQL("record.position_id"),
                SQL("record.partner_id"),
            ),
            ("creditbox.action", SQL("record.position_id"), SQL("record.partner_id")),
            ("res.partner", SQL("NULL::int"), SQL("record.commercial_partner_id")),
        )
        for model, position, partner in places:
            yield SQL(
                """
                SELECT %(id)s, %(kind)s AS kind, FALSE AS automatic, record.company_id,
                       %(partner)s AS partner_id, %(position)s AS position_id,
                       activity.user_id, activity.date_deadline AS date,
                       COALESCE(activity.summary, type.name->>%(lang)s,
                                type.name->>'en_US') AS summary, NULL AS state
                  FROM mail_activity AS activity
                  JOIN %(table)s AS record ON record.id = activity.res_id
                  LEFT JOIN mail_activity_type AS type
                    ON type.id = activity.activity_type_id
                 WHERE activity.active AND activity.res_model = %(model)s
                   AND record.company_id IS NOT NULL
                   AND %(known)s
                """,
                id=self._sql_row_id("activity", ACTIVITY),
                kind=kind,
                partner=partner,
                position=position,
                lang=self.env.lang or "en_US",
                table=SQL.identifier(model.replace(".", "_")),
                model=model,
                known=SQL(
                    "EXISTS (SELECT FROM creditbox_position AS known"
                    " WHERE known.partner_id = record.commercial_partner_id)"
                )
                if model == "res.partner"
                else SQL("TRUE"),
            )

    def _sql_promises(self, days):
        """Promised days that are today or have gone by, not yet decided."""
        return SQL(
            """
            SELECT %(id)s, 'promise_due', FALSE, promise.company_id, promise.partner_id,
                   promise.position_id, COALESCE(position.user_id, promise.user_id),
                   line.date, promise.note, NULL
              FROM creditbox_promise_line AS line
              JOIN creditbox_promise AS promise ON promise.id = line.promise_id
              JOIN (VALUES %(days)s) AS company (id, today)
                ON company.id = promise.company_id
              LEFT JOIN creditbox_position AS position
                ON position.id = promise.position_id
             WHERE line.state = 'open' AND promise.state = 'open'
               AND line.date <= company.today
            """,
            id=self._sql_row_id("line", PROMISE),
            days=days,
        )

    def _sql_actions(self, days):
        """What is stuck, and what the runs do by themselves.

        Apart: where only the one is asked for, the other is not even looked at.
        """
        stuck, automatic = self._stuck_actions(), self._automatic_actions()
        is_stuck = self._sql_any(stuck)
        yield self._sql_actions_of(days, stuck, SQL("FALSE"), is_stuck)
        yield self._sql_actions_of(
            days,
            automatic,
            SQL("TRUE"),
            SQL("(%s) AND (%s) IS NOT TRUE", self._sql_any(automatic), is_stuck),
        )

    def _sql_any(self, cases):
        return SQL(" OR ").join(SQL("(%s)", case) for case in cases.values())

    def _sql_actions_of(self, days, cases, automatic, condition):
        return SQL(
            """
            SELECT %(id)s, CASE %(kinds)s END, %(automatic)s, action.company_id,
                   action.partner_id, action.position_id, position.user_id,
                   COALESCE(action.date_done, action.date_planned),
                   COALESCE(rule.name->>%(lang)s, rule.name->>'en_US'),
                   action.state
              FROM creditbox_action AS action
              JOIN creditbox_position AS position ON position.id = action.position_id
              JOIN creditbox_rule AS rule ON rule.id = action.rule_id
              LEFT JOIN creditbox_run AS run ON run.id = action.run_id
              JOIN (VALUES %(days)s) AS company (id, today)
                ON company.id = action.company_id
             WHERE %(condition)s
            """,
            id=self._sql_row_id("action", ACTION),
            kinds=SQL(" ").join(
                SQL("WHEN %s THEN %s", case, kind) for kind, case in cases.items()
            ),
            automatic=automatic,
            condition=condition,
            lang=self.env.lang or "en_US",
            days=days,
        )

    def _stuck_actions(self):
        """:return: {kind of row: SQL of the actions that it is for}, first that fits"""
        return {
            "doubt": SQL("action.in_doubt AND action.state = 'sending'"),
            "exception": SQL(
                """action.exception IS NOT NULL
                   AND action.state IN ('planned', 'to_approve', 'ready')
                   AND run.state IN ('proposed', 'approved', 'executing')"""
            ),
            "failed": SQL(
                """action.state = 'failed' AND position.amount_overdue > 0
                   AND action.date_planned > company.today - %s""",
                FAILED_DAYS,
            ),
        }

    def _automatic_actions(self):
        """:return: {kind of row: SQL of the actions that it is for}, first that fits"""
        return {
            "waiting": SQL(
                "action.state IN %s AND action.exception IS NULL", PENDING_STATES
            ),
            "done": SQL(
                "action.state IN %s AND action.date_done > company.today - %s",
                DONE_STATES,
                DONE_DAYS,
            ),
        }

    def _sql_holds(self, days):
        """Holds that end soon; those of promises have rows of their own."""
        return SQL(
            """
            SELECT %(id)s, 'hold', FALSE, hold.company_id, hold.customer_id,
                   position.id, hold.user_id, hold.date_to,
                   COALESCE(reason.name->>%(lang)s, reason.name->>'en_US'), NULL
              FROM creditbox_hold AS hold
              JOIN creditbox_hold_reason AS reason ON reason.id = hold.reason_id
              JOIN (VALUES %(days)s) AS company (id, today)
                ON company.id = hold.company_id
              LEFT JOIN creditbox_position AS position
                ON position.supply_id = hold.supply_id
               AND position.partner_id = hold.customer_id
               AND position.company_id = hold.company_id
             WHERE hold.state = 'active' AND hold.promise_id IS NULL
               AND hold.date_to <= company.today + %(horizon)s
            """,
            id=self._sql_row_id("hold", HOLD),
            lang=self.env.lang or "en_US",
            days=days,
            horizon=HOLD_DAYS,
        )
