from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CreditboxRuleSet(models.Model):
    _name = "creditbox.rule.set"
    _description = "Action Table"
    _inherit = ["mail.thread"]
    _order = "company_id, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self._default_company_id(),
        help="Empty: the standard table, used by each company without one of its own.",
    )
    version = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_published = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    origin_id = fields.Many2one(
        "creditbox.rule.set", string="Copied from", readonly=True, copy=False
    )
    rule_ids = fields.One2many("creditbox.rule", "set_id", string="Rows", copy=True)
    rule_count = fields.Integer(compute="_compute_rule_count")
    note = fields.Text()

    _one_published = models.UniqueIndex(
        "(coalesce(company_id, 0)) WHERE state = 'published'",
        "A company has one published action table.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("name", "version", "state")
    def _compute_display_name(self):
        for table in self:
            version = f"v{table.version}" if table.version else self.env._("draft")
            table.display_name = f"{table.name} ({version})"

    def _compute_rule_count(self):
        counts = dict(
            self.env["creditbox.rule"]._read_group(
                [("set_id", "in", self.ids)], ["set_id"], ["__count"]
            )
        )
        for table in self:
            table.rule_count = counts.get(table, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.filtered(lambda table: table.state != "draft"):
            raise UserError(self.env._("Only a draft of the action table can go."))

    @api.model
    def _published(self, company):
        """Return the table in force for ``company``: its own, else the standard one."""
        return self.search(
            [("state", "=", "published"), ("company_id", "in", [company.id, False])],
            order="company_id",  # NULLS LAST: the company's own first
            limit=1,
        )

    def action_publish(self):
        """Make this draft the table in force; the one before is retired."""
        for table in self:
            if table.state != "draft":
                raise UserError(self.env._("%s is not a draft.", table.display_name))
            table._check_publishable()
            siblings = self.with_context(active_test=False).search(
                [("company_id", "=", table.company_id.id), ("state", "!=", "draft")]
            )
            siblings.filtered(lambda t: t.state == "published").state = "retired"
            # the partial unique index must see the retired one first
            self.flush_model(["state"])
            table.write(
                {
                    "state": "published",
                    "version": max(siblings.mapped("version"), default=0) + 1,
                    "date_published": fields.Datetime.now(),
                    "published_by_id": self.env.uid,
                }
            )
            table._log_reports()

    def _check_publishable(self):
        """Raise when a row cannot be carried out.

        :raises ValidationError: no rows, or a row that needs a text has none, or one
            that cannot be filled (a file of translations is imported unchecked).
        """
        self.ensure_one()
        if not self.rule_ids:
            raise ValidationError(self.env._("The action table has no rows."))
        without_text = self.rule_ids.filtered(
            lambda rule: rule._needs_template() and not rule._template()
        )
        if without_text:
            raise ValidationError(
                self.env._(
                    "These rows write to the customer but have no text: %s",
                    without_text.mapped("display_name"),
                )
            )
        self.rule_ids._texts()._check_texts()
        self._check_legal_contents()

    def action_new_version(self):
        """Copy the table into a draft of the current company and open it.

        :return: window action of the draft
        """
        self.ensure_one()
        draft = self.copy(
            {
                "name": self.name,
                "company_id": self.company_id.id or self.env.company.id,
            }
        )
        draft.origin_id = self
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }
