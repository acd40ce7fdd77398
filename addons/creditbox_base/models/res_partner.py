from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import checks
from .creditbox_past import PARTNER_COLUMNS


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_code = fields.Char(
        string="Customer Code",
        copy=False,
        help="Code of the customer in the billing system.",
    )
    creditbox_customer_type_id = fields.Many2one(
        "creditbox.customer.type", string="Customer Type", index="btree_not_null"
    )
    creditbox_fiscal_code = fields.Char(
        string="Fiscal Code", index="btree_not_null", help="Codice fiscale"
    )
    creditbox_pec = fields.Char(string="PEC", help="Certified e-mail address")
    creditbox_mobile = fields.Char(
        string="Mobile", help="Number for SMS, kept in international form."
    )
    creditbox_supply_ids = fields.One2many(
        "creditbox.supply", "partner_id", string="Supplies"
    )
    creditbox_position_ids = fields.One2many(
        "creditbox.position", "partner_id", string="Positions"
    )
    creditbox_hold_ids = fields.One2many(
        "creditbox.hold", "customer_id", string="Holds"
    )
    creditbox_warnings = fields.Text(
        string="Data to Correct", compute="_compute_creditbox_warnings"
    )
    creditbox_amount_overdue = fields.Monetary(
        string="Overdue", compute="_compute_creditbox_amounts"
    )
    creditbox_amount_not_due = fields.Monetary(
        string="Not Due", compute="_compute_creditbox_amounts"
    )
    creditbox_amount_credit = fields.Monetary(
        string="Unallocated Credit", compute="_compute_creditbox_amounts"
    )
    creditbox_amount_balance = fields.Monetary(
        string="Balance", compute="_compute_creditbox_amounts"
    )
    creditbox_supply_count = fields.Integer(compute="_compute_creditbox_counts")
    creditbox_hold_count = fields.Integer(compute="_compute_creditbox_counts")

    _creditbox_code_uniq = models.UniqueIndex(
        "(company_id, creditbox_code) WHERE creditbox_code IS NOT NULL",
        "A customer with this code already exists in the company.",
    )

    @api.depends(
        "creditbox_fiscal_code",
        "vat",
        "bank_ids.acc_number",
        "phone",
        "creditbox_mobile",
        "email",
        "creditbox_pec",
        "country_id",
    )
    def _compute_creditbox_warnings(self):
        for partner in self:
            found = filter(None, partner._creditbox_checks())
            partner.creditbox_warnings = "\n".join(map(str, found)) or False

    def _creditbox_checks(self):
        """One entry a check: a message, or None when there is nothing to say."""
        country = self.country_id.code or "IT"
        return [
            checks.check_fiscal_code(self.creditbox_fiscal_code),
            checks.check_vat(self.vat) if country == "IT" else None,
            *(checks.check_iban(bank.acc_number) for bank in self.bank_ids),
            checks.check_phone(self.phone, country),
            checks.check_mobile(self.creditbox_mobile, country),
            checks.check_email(self.email),
            checks.check_pec(self.creditbox_pec),
        ]

    @api.depends_context("allowed_company_ids")
    @api.depends("creditbox_position_ids.amount_balance")
    def _compute_creditbox_amounts(self):
        names = ("overdue", "not_due", "credit", "balance")
        groups = self.env["creditbox.position"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id"],
            [f"amount_{name}:sum" for name in names],
        )
        sums = {partner.id: amounts for partner, *amounts in groups}
        for partner in self:
            amounts = sums.get(partner.commercial_partner_id.id, (0.0,) * 4)
            for name, amount in zip(names, amounts, strict=True):
                partner[f"creditbox_amount_{name}"] = amount

    @api.depends_context("allowed_company_ids")
    def _compute_creditbox_counts(self):
        supplies = dict(
            self.env["creditbox.supply"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        holds = dict(
            self.env["creditbox.hold"]._read_group(
                [("customer_id", "in", self.ids), ("state", "=", "active")],
                ["customer_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.creditbox_supply_count = supplies.get(partner._origin, 0)
            partner.creditbox_hold_count = holds.get(partner._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("creditbox_mobile")._creditbox_normalize_mobile()
        return partners

    def write(self, vals):
        columns, where = self._creditbox_former()
        self.env["creditbox.former"]._keep(self, columns, vals, where)
        result = super().write(vals)
        if vals.get("creditbox_mobile"):
            self._creditbox_normalize_mobile()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_creditbox_former(self):
        self.env["creditbox.former"]._forget(self)

    @api.model
    def _creditbox_former(self):
        """Of whom never owed anything no former address is kept.

        :return: names of the fields whose former values are kept, SQL of whom (``t``)
        """
        return PARTNER_COLUMNS, SQL(
            "EXISTS (SELECT FROM creditbox_position p WHERE p.partner_id = t.id)"
        )

    def _creditbox_normalize_mobile(self):
        """Bring the number to E.164; what is no number stays as it came."""
        for partner in self:
            number = checks.normalize_phone(
                partner.creditbox_mobile, partner.country_id.code
            )
            if number and number != partner.creditbox_mobile:
                partner.creditbox_mobile = number

    def _check_vat(self, validation="error"):
        """A wrong VAT number of a billing system is a warning, never a refusal."""
        acquired = self.filtered("creditbox_code")
        super(ResPartner, acquired)._check_vat(validation=False)
        return super(ResPartner, self - acquired)._check_vat(validation=validation)

    def action_open_creditbox_positions(self):
        return self._creditbox_open("creditbox.position", "partner_id")

    def action_open_creditbox_supplies(self):
        return self._creditbox_open("creditbox.supply", "partner_id")

    def action_open_creditbox_holds(self):
        return self._creditbox_open("creditbox.hold", "customer_id")

    def _creditbox_open(self, model, field):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"creditbox_base.{model.replace('.', '_')}_action"
        )
        return dict(
            action,
            domain=[(field, "in", self.commercial_partner_id.ids)],
            context={f"default_{field}": self.commercial_partner_id[:1].id},
        )
