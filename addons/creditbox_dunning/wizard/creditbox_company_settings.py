from odoo import api, fields, models
from odoo.exceptions import AccessError


class CreditboxCompanySettings(models.TransientModel):
    """The settings of a company, for the administrator of CreditBox.

    Odoo's own page of settings is open to the administrator of the whole system only,
    who is often somebody else.
    """

    _name = "creditbox.company.settings"
    _description = "Settings of a Company"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self._default_company_id(),
    )
    creditbox_contact_delay = fields.Integer(
        related="company_id.creditbox_contact_delay", readonly=False
    )
    creditbox_use_credits = fields.Boolean(
        related="company_id.creditbox_use_credits", readonly=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    creditbox_subsidised_amount = fields.Monetary(
        related="company_id.creditbox_subsidised_amount", readonly=False
    )
    creditbox_auto_propose = fields.Boolean(
        related="company_id.creditbox_auto_propose", readonly=False
    )
    creditbox_batch_size = fields.Integer(
        related="company_id.creditbox_batch_size", readonly=False
    )
    creditbox_joint = fields.Boolean(
        related="company_id.creditbox_joint", readonly=False
    )
    creditbox_keep_months = fields.Integer(
        related="company_id.creditbox_keep_months", readonly=False
    )
    creditbox_email_from = fields.Char(
        related="company_id.creditbox_email_from", readonly=False
    )
    creditbox_reply_to = fields.Char(
        related="company_id.creditbox_reply_to", readonly=False
    )
    creditbox_letter_footer = fields.Text(
        related="company_id.creditbox_letter_footer", readonly=False
    )
    creditbox_sms_weekday_from = fields.Float(
        related="company_id.creditbox_sms_weekday_from", readonly=False
    )
    creditbox_sms_weekday_to = fields.Float(
        related="company_id.creditbox_sms_weekday_to", readonly=False
    )
    creditbox_sms_saturday_from = fields.Float(
        related="company_id.creditbox_sms_saturday_from", readonly=False
    )
    creditbox_sms_saturday_to = fields.Float(
        related="company_id.creditbox_sms_saturday_to", readonly=False
    )
    creditbox_sms_sunday_from = fields.Float(
        related="company_id.creditbox_sms_sunday_from", readonly=False
    )
    creditbox_sms_sunday_to = fields.Float(
        related="company_id.creditbox_sms_sunday_to", readonly=False
    )
    creditbox_sms_holidays = fields.Boolean(
        related="company_id.creditbox_sms_holidays", readonly=False
    )
    creditbox_allocation = fields.Selection(
        related="company_id.creditbox_allocation", readonly=False, required=True
    )
    creditbox_charge_journal_id = fields.Many2one(
        related="company_id.creditbox_charge_journal_id", readonly=False
    )
    creditbox_fee_account_id = fields.Many2one(
        related="company_id.creditbox_fee_account_id", readonly=False
    )
    creditbox_interest_account_id = fields.Many2one(
        related="company_id.creditbox_interest_account_id", readonly=False
    )
    creditbox_charge_tax_id = fields.Many2one(
        related="company_id.creditbox_charge_tax_id", readonly=False
    )
    creditbox_charge_due_days = fields.Integer(
        related="company_id.creditbox_charge_due_days", readonly=False
    )
    creditbox_fee_if_failed = fields.Boolean(
        related="company_id.creditbox_fee_if_failed", readonly=False
    )
    creditbox_interest_leap_years = fields.Boolean(
        related="company_id.creditbox_interest_leap_years", readonly=False
    )
    creditbox_payment_qr = fields.Selection(
        related="company_id.creditbox_payment_qr", readonly=False, required=True
    )

    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        for vals in vals_list:
            self._require_chosen(vals.get("company_id"))
        # the fields are those of the company, which only the system may write
        return super(CreditboxCompanySettings, self.sudo()).create(vals_list)

    def write(self, vals):
        self.check_access("write")
        self._require_chosen(vals.get("company_id"))
        return super(CreditboxCompanySettings, self.sudo()).write(vals)

    def _require_chosen(self, company_id):
        """
        :raises AccessError: a company that the user has not chosen
        """
        if company_id and company_id not in self.env.companies.ids:
            raise AccessError(self.env._("You are not allowed to do this."))
