from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .creditbox_action import DONE_STATES, PENDING_STATES


class CreditboxRun(models.Model):
    """One evaluation of the action table over one company."""

    _name = "creditbox.run"
    _description = "Dunning Run"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "creditbox.approval",
        "creditbox.printed",
    ]
    _order = "as_of desc, id desc"
    _check_company_auto = True
    _state_from = ["proposed"]
    _state_to = ["approved"]

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    as_of = fields.Date(
        string="As of", required=True, default=lambda self: self._default_as_of()
    )
    rule_set_id = fields.Many2one(
        "creditbox.rule.set",
        string="Action table",
        required=True,
        check_company=True,
        default=lambda self: self._default_rule_set_id(),
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("executing", "Executing"),
            ("done", "Done"),
            ("undone", "Undone"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    action_ids = fields.One2many("creditbox.action", "run_id", string="Actions")
    summary_ids = fields.One2many("creditbox.run.summary", "run_id", string="By row")
    currency_id = fields.Many2one(related="company_id.currency_id")
    action_count = fields.Integer(compute="_compute_figures")
    exception_count = fields.Integer(compute="_compute_figures")
    to_approve_count = fields.Integer(compute="_compute_figures")
    done_count = fields.Integer(compute="_compute_figures")
    cancelled_count = fields.Integer(compute="_compute_figures")
    in_doubt_count = fields.Integer(compute="_compute_figures")
    amount = fields.Monetary(compute="_compute_figures")
    cost = fields.Monetary(
        string="Cost of the letters", compute="_compute_cost", help="Of the post."
    )
    progress = fields.Float(compute="_compute_figures", help="Part already handled.")

    def _default_company_id(self):
        return self.env.company

    def _default_as_of(self):
        return self.env.company._creditbox_today()

    def _default_rule_set_id(self):
        return self.env["creditbox.rule.set"]._published(self.env.company)

    red_light = fields.Text(compute="_compute_red_light")

    @api.depends("action_ids.state", "action_ids.exception", "action_ids.in_doubt")
    def _compute_figures(self):
        groups = self.env["creditbox.action"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state", "exception", "in_doubt"],
            ["__count", "amount:sum"],
        )
        for run in self:
            rows = [row[1:] for row in groups if row[0] == run]

            def count(test, rows=rows):
                return sum(row[3] for row in rows if test(*row[:3]))

            live = count(lambda state, exc, doubt: not exc or state != "planned")
            ended = count(
                lambda state, exc, doubt: (
                    state in (*DONE_STATES, "failed", "cancelled", "undone")
                )
            )
            run.action_count = live
            run.exception_count = count(lambda s, exc, d: exc and s == "planned")
            run.to_approve_count = count(lambda s, exc, d: s == "to_approve")
            run.done_count = count(lambda s, exc, d: s in DONE_STATES)
            run.cancelled_count = count(lambda s, exc, d: s == "cancelled")
            run.in_doubt_count = count(lambda s, exc, d: d)
            run.amount = sum(row[4] for row in rows)
            run.progress = 100.0 * ended / live if live else 0.0

    @api.depends("action_ids.cost")
    def _compute_cost(self):
        costs = dict(
            self.env["creditbox.action"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["cost:sum"]
            )
        )
        for run in self:
            run.cost = costs.get(run, 0)

    @api.onchange("company_id")
    def _onchange_company_id(self):
        self.rule_set_id = self.env["creditbox.rule.set"]._published(self.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("creditbox.run")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_live(self):
        if self.filtered(lambda run: run.state not in ("draft", "simulated")):
            raise UserError(
                self.env._("A run that has been proposed is kept: cancel it.")
            )
        self._forget_actions()

    # ------------------------------------------------------------------
    # simulate → propose → approve → execute
    # ------------------------------------------------------------------
    def action_simulate(self):
        """Show what the table gives at the run's date; nothing else changes."""
        for run in self:
            run._check_state("draft", "simulated")
            run._evaluate(live=False)
            run._set_state("simulated")

    def action_propose(self):
        """Evaluate on today's data and put the actions up for approval."""
        for run in self:
            run._check_state("draft", "simulated")
            if run.rule_set_id.state != "published":
                raise UserError(
                    self.env._("Only a published action table can be proposed.")
                )
            run._evaluate(live=True)
            run._set_state("proposed")
            run.message_post(
                body=run._speaking().env._(
                    "Proposed %(count)s actions, %(exceptions)s exceptions",
                    count=run.action_count,
                    exceptions=run.exception_count,
                )
            )

    def action_approve(self):
        """Approve the run; its actions above a limit wait for their own reviews."""
        for run in self:
            run._check_state("proposed")
            run._set_state("approved")
            above = run._actions_above_limit()
            run._move_actions("to_approve", "ready", but=above)
            above.request_validation()

    def action_execute(self):
        """Hand the ready actions over, batch by batch, in the background."""
        for run in self:
            run._check_state("approved", "executing")
            run._check_green()
            run._set_state("executing")
            run._enqueue()

    def action_cancel(self):
        """Give the run up: what has not left is stopped, what has left stays."""
        for run in self:
            run._check_state("draft", "simulated", "proposed", "approved", "executing")
            run._set_state("cancelled")
            run.action_ids._cancel(
                self.env._("Run cancelled by %s", self.env.user.name)
            )

    def action_undo(self):
        """Take the run back: steps and dates return, what has not left is stopped.

        What has left cannot be called back from the customer's mailbox: it stays
        listed as undone, and no longer counts as a step. A letter whose lot has not
        been posted is taken out of it. An action whose bills have gone on to a later
        step stays: that must come back first.
        """
        for run in self:
            run._check_state("approved", "executing", "done")
            reason = run.action_ids._undo_reason()
            pending = run.action_ids.filtered(lambda a: a.state in PENDING_STATES)
            run.action_ids._cancel(reason)
            done = run.action_ids.filtered(lambda a: a.state in DONE_STATES)
            undone = done._undo_chosen(reason)._replace(stopped=pending)
            run._set_state("undone")
            actions = run._speaking().action_ids
            run.message_post(body=actions._report_of_undo(undone, reason))

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise AccessError(self.env._("The state of a run changes by its buttons."))
        return super().write(vals)

    def _speaking(self):
        """:return: the run in the user's language; the night speaks the company's"""
        lang = self.env.context.get("lang") or self.company_id.partner_id.lang
        return self.with_context(lang=lang)

    def _set_state(self, state):
        """Move on, if the authorisation levels let it; the button has asked who."""
        self._tier_validation_check_state_on_write({"state": state})
        self.sudo().state = state

    def _check_state(self, *states):
        self.ensure_one()
        self.check_access("write")
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(run)s is in state «%(state)s».",
                    run=self.name,
                    state=labels[self.state],
                )
            )

    def _check_green(self):
        """
        :raises UserError: the data is not to be trusted, and nobody answers for it
        """
        if self.red_light:
            raise UserError(
                self.env._(
                    "Nothing may leave, because who has paid may not be known:\n"
                    "%s\nA credit manager can override this.",
                    self.red_light,
                )
            )

    def _evaluate(self, live):
        self.ensure_one()
        if not self.rule_set_id:
            raise UserError(self.env._("There is no published action table."))
        self.env.flush_all()
        self._forget_actions()
        self.env["creditbox.evaluation"]._evaluate(self, live)

    def _forget_actions(self):
        """Drop what an earlier simulation of this run has left."""
        self.env["creditbox.action"].flush_model()
        for run in self:
            self.env.cr.execute(
                SQL(
                    """
                    WITH gone AS (
                        DELETE FROM creditbox_action WHERE run_id = %s RETURNING id
                    )
                    DELETE FROM creditbox_action_line l USING gone
                     WHERE l.action_id = gone.id
                    """,
                    run.id,
                )
            )
        self.env.invalidate_all()

    def _actions_above_limit(self):
        """Return the actions that a level must approve one by one."""
        actions = self.env["creditbox.action"]
        return actions.search(
            Domain("run_id", "=", self.id)
            & Domain("state", "=", "to_approve")
            & actions._domain_above_limit(self.company_id)
        )

    def _move_actions(self, state_from, state_to, but=()):
        """Move the run's actions on in one statement: there may be 400,000."""
        self.env["creditbox.action"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE creditbox_action SET state = %s WHERE run_id = %s"
                " AND state = %s AND exception IS NULL AND id NOT IN %s",
                state_to,
                self.id,
                state_from,
                tuple(but.ids) if but else (0,),
            )
        )
        self.env["creditbox.action"].invalidate_model()

    def _compute_red_light(self):
        for run in self:
            run.red_light = "\n".join(run.company_id._creditbox_red_light())

    @api.model
    def _cron_propose(self):
        """Every night: propose a run for each company that wants it.

        A company whose last proposal still waits for approval gets no second one.
        """
        companies = self.env["res.company"].search(
            [("creditbox_auto_propose", "=", True)]
        )
        waiting = self.search([("state", "=", "proposed")]).company_id
        for done, company in enumerate(companies, start=1):
            table = self.env["creditbox.rule.set"]._published(company)
            if table and company not in waiting:
                self.create(
                    {
                        "company_id": company.id,
                        "as_of": company._creditbox_today(),
                        "rule_set_id": table.id,
                    }
                ).action_propose()
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    # ------------------------------------------------------------------
    # windows
    # ------------------------------------------------------------------
    def action_open_actions(self):
        """:return: window action of the run's actions"""
        return self._window_actions([])

    def action_open_exceptions(self):
        """:return: window action of what the run could not do"""
        return self._window_actions([("exception", "!=", False)])

    def _window_actions(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_action_action"
        )
        return {
            **action,
            "domain": Domain("run_id", "=", self.id) & Domain(domain),
            "context": {},
        }
