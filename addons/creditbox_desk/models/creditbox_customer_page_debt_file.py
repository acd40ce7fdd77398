from odoo import api, models


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    @api.model
    def open_debt_file(self, partner_id, company_id):
        """Make the debt file of the customer with the company.

        :return: window action of the file
        """
        partner, company = self._working(partner_id, company_id)
        return self._all_positions(partner, company).action_debt_file()
