from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxCall(models.Model):
    """A telephone call with a customer, and what came of it."""

    _name = "creditbox.call"
    _description = "Call with a Customer"
    _order = "date desc, id desc"
    _check_company_auto = True
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Operator",
        required=True,
        default=lambda self: self._default_user_id(),
    )
    date = fields.Datetime(
        required=True, default=lambda self: self._default_date(), readonly=True
    )
    incoming = fields.Boolean(string="The customer called")
    number = fields.Char()
    outcome = fields.Selection(
        [
            ("spoken", "Spoken with the customer"),
            ("promise", "Says he will pay"),
            ("paid", "Says it is paid"),
            ("dispute", "Disputes the debt"),
            ("callback", "Call back later"),
            ("no_answer", "No answer"),
            ("wrong_number", "Wrong number"),
        ],
        required=True,
    )
    date_callback = fields.Date(
        string="Call back on", help="The call comes back in My Day on that day."
    )
    note = fields.Text(string="Notes")

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_date(self):
        return fields.Datetime.now()

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        if calls.filtered(lambda c: c.outcome == "callback" and not c.date_callback):
            raise UserError(self.env._("Say when to call back."))
        calls._plan_callback()
        return calls

    def _plan_callback(self):
        """Have the customer called again: an activity of whoever has spoken."""
        kind = self.env.ref("creditbox_desk.mail_activity_type_callback")
        calls = self.filtered("date_callback")
        records = {call: call._where() for call in calls}
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "summary": call.number or call.partner_id.phone or False,
                    "note": call.note,
                    "date_deadline": call.date_callback,
                    "user_id": call.user_id.id,
                }
                for call, record in records.items()
            ]
        )

    def _where(self):
        """:return: the record on which what concerns the customer is noted"""
        return self.partner_id._creditbox_notebook(self.company_id)

    def action_promise(self):
        """Close the call, and take down the promise.

        :return: window of the promise
        """
        self.ensure_one()
        page = self.env["creditbox.customer.page"]
        return page.open_promise(self.partner_id.id, self.company_id.id)
