from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxRun(models.Model):
    """Simulations of a past day: what its run saw, not what is known now."""

    _inherit = "creditbox.run"

    data_at = fields.Datetime(
        string="Data of",
        readonly=True,
        copy=False,
        help="The moment whose data the run has seen: nothing that came later.",
    )
    from_past = fields.Boolean(readonly=True, copy=False)
    origin_id = fields.Many2one(
        "creditbox.run",
        string="Repeats",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The table of a past day is the one that was in force then."""
        for vals in vals_list:
            if vals.get("as_of") and "rule_set_id" not in vals:
                company = self.env["res.company"].browse(
                    vals.get("company_id", self.env.company.id)
                )
                day = fields.Date.to_date(vals["as_of"])
                vals["rule_set_id"] = self._table_of(company, day).id
        return super().create(vals_list)

    @api.onchange("as_of", "company_id")
    def _onchange_as_of(self):
        if self.company_id and self.as_of:
            self.rule_set_id = self._table_of(self.company_id, self.as_of)

    @api.model
    def _table_of(self, company, day):
        """:return: creditbox.rule.set in force for a company on a day"""
        tables = self.env["creditbox.rule.set"]
        if day >= company._creditbox_today():
            return tables._published(company)
        return tables._in_force_at(company, self._end_of_day(company, day))

    @api.model
    def _end_of_day(self, company, day):
        """:return: datetime in UTC, the last moment of a day where the company is"""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        local = midnight.replace(tzinfo=company._creditbox_zone())
        moment = local.astimezone(timezone.utc).replace(tzinfo=None)
        return moment - timedelta(microseconds=1)

    def _past_moment(self):
        """Return the moment whose data a simulation is to see.

        That of the run which it repeats, else that of its day.

        :return: datetime in UTC, None: now
        """
        self.ensure_one()
        if self.origin_id:
            return self.origin_id.data_at
        return self._moment_of(self.company_id, self.as_of)

    @api.model
    def _moment_of(self, company, day):
        """Return the moment whose data a look at a day is to see.

        That of the first run that was proposed for it; without one, its end.

        :return: datetime in UTC, None: now
        """
        if day >= company._creditbox_today():
            return None
        first = self.search(
            [
                ("company_id", "=", company.id),
                ("as_of", "=", day),
                ("state", "not in", ("draft", "simulated", "cancelled")),
                ("data_at", "!=", False),
            ],
            order="data_at",
            limit=1,
        )
        return first.data_at or self._end_of_day(company, day)

    def _evaluate(self, live):
        moment = None if live else self._past_moment()
        if moment:
            self.env["creditbox.past"]._check_known(self.company_id, self.as_of)
        # as the system: the button has asked who
        self.sudo().write(
            {"data_at": moment or self.env.cr.now(), "from_past": bool(moment)}
        )
        run = self.with_context(creditbox_moment=moment) if moment else self
        return super(CreditboxRun, run)._evaluate(live)

    def action_propose(self):
        if self.filtered("origin_id"):
            raise UserError(
                self.env._("The repetition of a run shows the past: it stays as it is.")
            )
        return super().action_propose()

    def action_repeat(self):
        """Simulate the run anew, on the data that it saw.

        :return: window action of the simulation
        """
        self.ensure_one()
        self._check_state("proposed", "approved", "executing", "done", "undone")
        if not self.data_at:
            raise UserError(self.env._("It is not known when this run was evaluated."))
        repetition = self.create(
            {
                "company_id": self.company_id.id,
                "as_of": self.as_of,
                "rule_set_id": self.rule_set_id.id,
                "origin_id": self.id,
            }
        )
        repetition.action_simulate()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": repetition.id,
            "view_mode": "form",
        }
