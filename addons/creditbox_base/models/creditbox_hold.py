from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date


class CreditboxHold(models.Model):
    """For a time, no reminder and no severer step: of a bill, a supply, a customer.

    A hold is in force on each day from ``date_from`` to ``date_to``, both included,
    unless it has been released; ``expired`` only tells that its end has passed.
    """

    _name = "creditbox.hold"
    _inherit = ["mail.thread"]
    _description = "Hold"
    _order = "date_to, id"
    _check_company_auto = True

    level = fields.Selection(
        [("bill", "Bill"), ("supply", "Supply"), ("customer", "Customer")],
        required=True,
        default="bill",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Bill",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    supply_id = fields.Many2one(
        "creditbox.supply",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Held Customer",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_customer_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    reason_id = fields.Many2one(
        "creditbox.hold.reason", required=True, check_company=True, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self._default_user_id(),
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
        tracking=True,
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    note = fields.Text(string="Notes")
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("released", "Released")],
        required=True,
        default="active",
        readonly=True,
        copy=False,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_held = fields.Monetary(
        compute="_compute_amount_held",
        help="Open amount of the bills under this hold today.",
    )

    _target_check = models.Constraint(
        """CHECK(
            num_nonnulls(move_id, supply_id, partner_id) = 1
            AND CASE level
                WHEN 'bill' THEN move_id
                WHEN 'supply' THEN supply_id
                ELSE partner_id
            END IS NOT NULL
        )""",
        "Name what is held: exactly one bill, one supply or one customer, as the level "
        "says.",
    )
    _dates_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A hold cannot end before it starts."
    )
    _open_idx = models.Index("(company_id, date_to) WHERE state = 'active'")
    _order_idx = models.Index("(date_to, id)")

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    @api.depends("move_id", "supply_id", "partner_id")
    def _compute_customer_id(self):
        for hold in self:
            customer = (
                hold.partner_id or hold.supply_id.partner_id or hold.move_id.partner_id
            )
            hold.customer_id = customer.commercial_partner_id

    @api.depends("level", "move_id", "supply_id", "customer_id", "reason_id")
    def _compute_display_name(self):
        for hold in self:
            held = hold.move_id or hold.supply_id or hold.customer_id
            parts = (hold.reason_id.name, held.display_name)
            hold.display_name = " – ".join(filter(None, parts))

    @api.depends("move_id", "supply_id", "partner_id", "company_id")
    def _compute_amount_held(self):
        amounts = {}
        for company, holds in self.grouped("company_id").items():
            if company and holds.ids:
                amounts.update(holds._get_amounts_held(company))
        for hold in self:
            hold.amount_held = amounts.get(hold._origin.id, 0.0)

    def _get_amounts_held(self, company):
        """{hold id: open amount of the bills that it covers}, in one query."""
        positions = self.env["creditbox.position"]
        positions._flush_debts()
        self.flush_recordset()
        partners = (
            self.sudo().customer_id | self.sudo().supply_id.position_ids.partner_id
        )
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT hold.id, SUM(line.residual)
                      FROM creditbox_hold AS hold
                      JOIN (%(lines)s) AS line
                        ON line.move_id = hold.move_id
                        OR line.supply_id = hold.supply_id
                        OR (line.partner_id = hold.customer_id
                            AND hold.level = 'customer')
                     WHERE hold.id = ANY(%(ids)s) AND line.residual > 0
                     GROUP BY hold.id
                    """,
                    lines=positions._sql_open_lines(
                        company, company._creditbox_today(), partners.ids
                    ),
                    ids=self.ids,
                )
            )
        )

    @api.constrains("date_from", "date_to", "reason_id")
    def _check_max_days(self):
        for hold in self:
            longest = hold.reason_id.max_days
            if longest and (hold.date_to - hold.date_from).days >= longest:
                raise ValidationError(
                    self.env._(
                        "A hold for “%(reason)s” lasts at most %(days)s days.",
                        reason=hold.reason_id.name,
                        days=longest,
                    )
                )

    @api.onchange("level")
    def _onchange_level(self):
        """What is held follows the level: the other two are emptied."""
        fields_by_level = {
            "bill": "move_id",
            "supply": "supply_id",
            "customer": "partner_id",
        }
        for level, field in fields_by_level.items():
            if level != self.level:
                self[field] = False

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._refresh_positions()
        return holds

    def write(self, vals):
        debtors = self._get_debtors()
        self.env["creditbox.former"]._keep_whole(self)
        result = super().write(vals)
        self._refresh_positions(debtors)
        return result

    def unlink(self):
        debtors, companies = self._get_debtors(), self.company_id
        self.env["creditbox.former"]._keep_whole(self)
        result = super().unlink()
        self.env["creditbox.position"]._touch(debtors.ids, companies)
        return result

    def _get_debtors(self):
        """Customers whose positions these holds concern."""
        holds = self.sudo()
        return holds.customer_id | holds.supply_id.position_ids.partner_id

    def _refresh_positions(self, former_debtors=None):
        debtors = self._get_debtors() | (former_debtors or self.env["res.partner"])
        self.env["creditbox.position"]._touch(debtors.ids, self.company_id)

    def action_release(self):
        """End the holds at once."""
        self.filtered(lambda hold: hold.state == "active").state = "released"

    @api.model
    def _sql_in_force(self, company, as_of):
        """Holds in force in the company on the day, as a SELECT.

        :return: SQL of the columns (move_id, supply_id, partner_id, date_to); one of
            the first three is filled
        """
        return SQL(
            """
            SELECT move_id, supply_id, partner_id, date_to
              FROM creditbox_hold
             WHERE company_id = %(company)s
               AND state <> 'released'
               AND date_from <= %(day)s
               AND date_to >= %(day)s
            """,
            company=company.id,
            day=as_of,
        )

    @api.model
    def _cron_expire(self):
        """Give back to the reminders what is no longer held, and say so."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            holds = self.with_context(lang=company.partner_id.lang).search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "active"),
                    ("date_to", "<", company._creditbox_today()),
                ]
            )
            holds.state = "expired"
            holds._log_expired()

    def _log_expired(self):
        self.customer_id._message_log_batch(
            bodies={
                customer.id: Markup("<br/>").join(
                    hold._expired_text() for hold in holds
                )
                for customer, holds in self.grouped("customer_id").items()
            }
        )

    def _expired_text(self):
        return self.env._(
            "The hold “%(hold)s” has ended on %(date)s.",
            hold=self.display_name,
            date=format_date(self.env, self.date_to),
        )
