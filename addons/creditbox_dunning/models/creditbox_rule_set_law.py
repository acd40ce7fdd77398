from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import ValidationError


class CreditboxRuleSet(models.Model):
    """What the law says to a table, before it is put in force."""

    _inherit = "creditbox.rule.set"

    legal_report = fields.Text(
        compute="_compute_legal_report",
        help="Rows that could break the law as it is today. Whatever they give, an "
        "action that would break it is held back as an exception.",
    )

    def _compute_legal_report(self):
        for table in self:
            table.legal_report = "\n".join(table._legal_problems())

    def _legal_problems(self):
        """Return what could break the law.

        :return: list of str, one a row and a rule of the regulation
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        law = self.env["creditbox.chain"]._law(company, company._creditbox_today())
        return list(
            dict.fromkeys(
                f"{rule.display_name} ({rule._audience()}): {problem}"
                for rule in self.rule_ids
                for problem in rule._legal_problems(law)
            )
        )

    def _log_legal_report(self):
        """Keep on the table what was known when it was published."""
        problems = self._legal_problems()
        if problems:
            lines = Markup().join(Markup("<li>%s</li>") % line for line in problems)
            title = self.env._("Published with rows that could break the law:")
            self._message_log(body=Markup("<p>%s</p><ul>%s</ul>") % (title, lines))

    def _check_legal_contents(self):
        """
        :raises ValidationError: a text leaves out what the law wants it to say
        """
        missing = self._missing_contents()
        if missing:
            raise ValidationError(
                self.env._(
                    "These texts leave out what the regulation asks for:\n%s",
                    "\n".join(missing),
                )
            )

    def _missing_contents(self):
        """:return: list of str, what texts of the table leave out, and its source"""
        company = self.company_id or self.env.company
        law = self.env["creditbox.chain"]._law(company, company._creditbox_today())
        missing = [
            f"«{template.name}»: {content}"
            for rule in self.rule_ids.filtered("legal_step")
            for template in rule._texts()
            for content in template._missing_contents(
                law.contents_of(rule.service_type_id, rule.legal_step)
            )
        ]
        return list(dict.fromkeys(missing))
