from odoo import api, fields, models


class CreditboxCaseCollection(models.Model):
    """A part of a payment that has covered a bill of a case, with the fee on it."""

    _name = "creditbox.case.collection"
    _description = "Collection on a Case"
    _order = "date desc, id desc"

    line_id = fields.Many2one(
        "creditbox.case.line", required=True, index=True, readonly=True
    )
    case_id = fields.Many2one(
        related="line_id.case_id", store=True, index=True, readonly=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_id = fields.Many2one("creditbox.provider", readonly=True)
    match_id = fields.Integer(
        string="Matching", required=True, readonly=True, aggregator=None
    )
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    percent = fields.Float(string="Fee (%)", readonly=True, aggregator=None)
    fee = fields.Monetary(readonly=True)
    is_credit = fields.Boolean(
        string="No money",
        readonly=True,
        help="A credit note or an entry, not collected: no fee.",
    )
    reversed = fields.Boolean(string="Taken back", readonly=True)

    _match_uniq = models.Constraint("UNIQUE(match_id)", "This is noted already.")

    @api.model
    def _note(self, rows):
        """Note matchings in the accounts.

        :param rows: list of dicts: line_id, match_id, amount, date, is_credit
        :return: creditbox.case.collection
        """
        lines = self.env["creditbox.case.line"].sudo()  # whoever posts the payment
        vals_list = []
        for row in rows:
            line = lines.browse(row["line_id"])
            case = line.case_id
            percent = 0
            if case.mandate_id and not row["is_credit"]:
                percent = case.mandate_id._percent(line.age, line.amount_handed)
            amount = float(row["amount"])
            vals_list.append(
                {
                    **row,
                    "amount": amount,
                    "provider_id": case.provider_id.id,
                    "percent": percent,
                    "fee": line.currency_id.round(amount * percent / 100),
                }
            )
        return self.sudo().create(vals_list)
