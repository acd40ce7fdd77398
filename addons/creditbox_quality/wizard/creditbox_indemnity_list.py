import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.creditbox_base.tools import sheet


class CreditboxIndemnityList(models.TransientModel):
    """The lines that the billing system puts into the next bill."""

    _name = "creditbox.indemnity.list"
    _description = "Lines for the Next Bill"

    indemnity_ids = fields.Many2many("creditbox.indemnity", readonly=True)
    csv = fields.Binary(compute="_compute_csv")

    @api.model
    def _download(self, indemnities):
        """:return: action that downloads those that wait for the next bill"""
        waiting = indemnities.filtered(lambda i: i.state == "to_bill")
        if not waiting:
            raise UserError(self.env._("None of them waits for the next bill."))
        made = self.create({"indemnity_ids": [Command.set(waiting.ids)]})
        name = self.env._("indemnities.csv")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{made.id}/csv/{name}?download=true",
            "target": "self",
        }

    def _compute_csv(self):
        for made in self:
            content = sheet.write_csv(made._headings(), made._rows())
            made.csv = base64.b64encode(content)

    def _headings(self):
        return [
            self.env._("Number"),
            self.env._("Customer code"),
            self.env._("Customer"),
            self.env._("Supply"),
            self.env._("Standard"),
            self.env._("Arisen on"),
            self.env._("To be paid by"),
            self.env._("Amount"),
            self.env._("Text"),
            self.env._("Sentence"),
        ]

    def _rows(self):
        return [
            [
                indemnity.name,
                indemnity.partner_id.creditbox_code,
                indemnity.partner_id.name,
                indemnity.supply_id.code,
                indemnity._standard_name(),
                indemnity.date_arisen,
                indemnity.date_limit,
                f"{indemnity.amount:.2f}".replace(".", ","),
                *indemnity._wording(),
            ]
            for indemnity in self.indemnity_ids
        ]
