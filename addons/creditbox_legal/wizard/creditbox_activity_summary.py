import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_dunning.tools.formatter import Formatter
from odoo.addons.creditbox_dunning.tools.grid_sheet import (
    Column,
    Grid,
    GridSheet,
    to_pdf,
    to_xlsx,
)


class CreditboxActivitySummary(models.TransientModel):
    """The activities of cases, planned and done, on paper and as a workbook."""

    _name = "creditbox.activity.summary"
    _description = "Summary of Activities"

    activity_ids = fields.Many2many("creditbox.case.activity", readonly=True)
    pdf = fields.Binary(compute="_compute_pdf")
    xlsx = fields.Binary(compute="_compute_xlsx")

    @api.model
    def _download(self, activities, kind):
        """:return: action that downloads them, of one company, as pdf or xlsx"""
        if len(activities.company_id) != 1:
            raise UserError(self.env._("Choose activities of one company."))
        summary = self.create({"activity_ids": [fields.Command.set(activities.ids)]})
        name = self.env._("activities")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{summary.id}/{kind}/{name}.{kind}"
            "?download=true",
            "target": "self",
        }

    def _compute_pdf(self):
        for summary in self:
            summary.pdf = base64.b64encode(to_pdf(summary._sheet()))

    def _compute_xlsx(self):
        for summary in self:
            summary.xlsx = base64.b64encode(to_xlsx(summary._sheet()))

    def _sheet(self):
        """:return: tools.grid_sheet.GridSheet in the user's language"""
        company = self.activity_ids.company_id
        write = Formatter(self.env, self.env.lang, company.currency_id)
        groups = self.activity_ids.sorted("date").grouped("state")
        labels = dict(
            self.activity_ids._fields["state"]._description_selection(self.env)
        )
        return GridSheet(
            title=self.env._("Activities of cases"),
            sender=company.name,
            facts=((self.env._("Activities"), str(len(self.activity_ids))),),
            grids=tuple(
                self._grid(labels[state], group) for state, group in groups.items()
            ),
            labels={
                "total": self.env._("Total"),
                "page": self.env._("Page %(page)s of %(pages)s"),
                "summary": self.env._("Summary"),
            },
            date=write.date,
            money=write.money,
            decimals=company.currency_id.decimal_places,
        )

    def _grid(self, title, activities):
        columns = (
            Column(self.env._("Case"), share=16),  # «Total» is written below
            Column(self.env._("Date"), "date", 12),
            Column(self.env._("Customer"), share=28),
            Column(self.env._("What"), share=34),
            Column(self.env._("Operator"), share=20),
            Column(self.env._("Hours"), share=8),
            Column(self.env._("Cost"), "money", 12),
            Column(self.env._("Result"), share=30),
        )
        rows = [
            (
                activity.case_id.name,
                activity.date,
                activity.partner_id.name,
                activity.name,
                activity.user_id.name,
                f"{activity.hours:g}",
                activity.cost,
                activity.result,
            )
            for activity in activities
        ]
        total = ("", None, "", "", "", "", sum(activities.mapped("cost")), "")
        return Grid(title, columns, rows, total)
