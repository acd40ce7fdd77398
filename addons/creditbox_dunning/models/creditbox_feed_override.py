from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

LONGEST = timedelta(days=7)


class CreditboxFeedOverride(models.Model):
    """Somebody answers for it: outbound actions leave in spite of doubtful data.

    It ends by itself, and is never changed: it proves who decided what, and why.
    """

    _name = "creditbox.feed.override"
    _description = "Override of the Red Light"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
    )
    date_from = fields.Datetime(
        string="From", required=True, readonly=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(
        string="Until",
        required=True,
        default=lambda self: self._default_date_to(),
    )
    reason = fields.Char(required=True)
    problems = fields.Text(string="In spite of", readonly=True)

    def _default_company_id(self):
        return self.env.company

    def _default_date_to(self):
        return fields.Datetime.now() + timedelta(hours=12)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for override in self:
            if not timedelta() < override.date_to - override.date_from <= LONGEST:
                raise ValidationError(
                    self.env._("An override ends within %s days.", LONGEST.days)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Note what is overridden, and let go what was held.

        :raises UserError: nothing is held
        """
        for vals in vals_list:
            vals["user_id"] = self.env.uid
            vals["date_from"] = fields.Datetime.now()
        overrides = super().create(vals_list)
        for override in overrides:
            problems = override.company_id._creditbox_feed_problems()
            if not problems:
                raise UserError(self.env._("The data is in order: nothing is held."))
            # never written again by anybody, see write
            super(CreditboxFeedOverride, override).write(
                {"problems": "\n".join(problems)}
            )
            override._release()
        return overrides

    def write(self, vals):
        """
        :raises AccessError: always, but to end it earlier
        """
        if vals.keys() - {"date_to"}:
            raise AccessError(self.env._("An override is not changed: end it."))
        return super().write(vals)

    def action_end(self):
        """Hold again what has not left."""
        self.date_to = fields.Datetime.now() + timedelta(seconds=1)

    def _release(self):
        """Say it on the runs that wait, and go on with them."""
        for override in self:
            runs = self.env["creditbox.run"].search(
                [
                    ("company_id", "=", override.company_id.id),
                    ("state", "=", "executing"),
                ]
            )
            for run in runs:
                run.message_post(
                    body=self.env._(
                        "Red light overridden by %(user)s: %(reason)s",
                        user=override.user_id.name,
                        reason=override.reason,
                    )
                )
            runs._enqueue()
        for queue in ("mail.mail", "sms.sms"):
            self.env[queue]._creditbox_wake_queue()

    @api.model
    def _in_force(self, company):
        """:return: the override that lets ``company`` send now, if any"""
        now = fields.Datetime.now()
        return self.sudo().search(  # whoever sends need not see who decided
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ],
            limit=1,
        )
