from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CODES = {
    "sms": "creditbox_has_mobile",
    "email": "creditbox_has_email",
    "pec": "creditbox_has_pec",
}


class ResPartner(models.Model):
    """Who can be written to how, by the very conditions of the evaluation."""

    _inherit = "res.partner"

    creditbox_has_mobile = fields.Boolean(
        string="Can be reached by SMS",
        compute="_compute_creditbox_reach",
        search="_search_creditbox_has_mobile",
    )
    creditbox_has_email = fields.Boolean(
        string="Can be reached by e-mail",
        compute="_compute_creditbox_reach",
        search="_search_creditbox_has_email",
    )
    creditbox_has_pec = fields.Boolean(
        string="Can be reached by PEC",
        compute="_compute_creditbox_reach",
        search="_search_creditbox_has_pec",
    )

    def _compute_creditbox_reach(self):
        for code, name in CODES.items():
            reached = self._origin._creditbox_reached(code)
            for partner in self:
                partner[name] = partner._origin in reached

    def _creditbox_reached(self, code):
        """:return: those of ``self`` that the channel ``code`` can write to"""
        query = SQL("%s AND c.id = ANY(%s)", self._creditbox_sql_reach(code), self.ids)
        return self.browse(id_ for (id_,) in self.env.execute_query(query))

    @api.model
    def _creditbox_sql_reach(self, code, reached=True):
        """SELECT the customers that ``code`` reaches, or does not."""
        self.env.flush_all()
        condition = self.env["creditbox.channel"]._sql_address_conditions()[code]
        return SQL(
            "SELECT c.id FROM res_partner c WHERE COALESCE(%s, FALSE) = %s",
            condition,
            reached,
        )

    def _search_creditbox_has_mobile(self, operator, value):
        return self._search_creditbox_reach("sms", operator, value)

    def _search_creditbox_has_email(self, operator, value):
        return self._search_creditbox_reach("email", operator, value)

    def _search_creditbox_has_pec(self, operator, value):
        return self._search_creditbox_reach("pec", operator, value)

    def _search_creditbox_reach(self, code, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("id", "in", SQL("(%s)", self._creditbox_sql_reach(code, reached)))
            for reached in {bool(item) for item in value}
        )
