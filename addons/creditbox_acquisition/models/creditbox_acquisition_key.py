from odoo import fields, models


class CreditboxAcquisitionKey(models.Model):
    """What was last received of each record of the billing system.

    The fingerprint says in one comparison whether a row has changed: a correction made
    in Odoo by a clerk stays until the billing system itself sends something new.
    """

    _name = "creditbox.acquisition.key"
    _description = "Record Received"
    _log_access = False
    _rec_name = "key"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    kind = fields.Char(required=True)
    key = fields.Char(required=True)
    fingerprint = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record")
    res_model = fields.Char(compute="_compute_res_model")

    _key_uniq = models.UniqueIndex(
        "(company_id, kind, key)", "This record was received already."
    )

    def _compute_res_model(self):
        names = {
            "customers": "res.partner",
            "supplies": "creditbox.supply",
            "bills": "account.move",
            "payments": "account.payment",
        }
        for key in self:
            key.res_model = names[key.kind]
