from odoo import fields, models
from odoo.exceptions import UserError


class CreditboxRuleSet(models.Model):
    """Tables that have been tried before they are put in force."""

    _inherit = "creditbox.rule.set"

    whatif_ids = fields.One2many("creditbox.whatif", "rule_set_id", string="Trials")
    whatif_count = fields.Integer(compute="_compute_whatif_count")

    def _compute_whatif_count(self):
        counts = dict(
            self.env["creditbox.whatif"]._read_group(
                [("rule_set_id", "in", self.ids)], ["rule_set_id"], ["__count"]
            )
        )
        for table in self:
            table.whatif_count = counts.get(table, 0)

    def _companies(self):
        """Return the companies that the table is for, among those chosen.

        A standard table is for each company without one of its own.
        """
        self.ensure_one()
        if self.company_id:
            return self.company_id
        own = self.search(
            [
                ("state", "=", "published"),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return self.env.companies - own.company_id

    def action_whatif(self):
        """Prepare a trial of the table on today's portfolio.

        :return: window action of the trial
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What if?"),
            "res_model": "creditbox.whatif",
            "view_mode": "form",
            "context": {"default_rule_set_id": self.id},
        }

    def action_open_whatifs(self):
        """:return: window action of the trials of this table"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_whatif_action"
        )
        return {**action, "domain": [("rule_set_id", "=", self.id)]}

    def action_workflow(self):
        """Show where the bills stand on the way through this version.

        :return: window action of the workflow, or of the list of several companies
        """
        self.ensure_one()
        workflows = self.env["creditbox.workflow"]
        for company in self._companies() & self.env.companies:
            workflows |= workflows._of(company, self)
        if not workflows:
            raise UserError(self.env._("Choose a company that the table is for."))
        workflows._refresh()
        return workflows._window()
