from odoo import models


class CreditboxPrinted(models.AbstractModel):
    """What has a summary on paper and as a workbook: runs, letter lots, actions."""

    _name = "creditbox.printed"
    _description = "Has a Summary"

    def action_print_pdf(self):
        """:return: action that downloads the summary as a PDF"""
        return self.env["creditbox.action.summary"]._download(self, "pdf")

    def action_print_xlsx(self):
        """:return: action that downloads the summary as a workbook"""
        return self.env["creditbox.action.summary"]._download(self, "xlsx")
