from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditboxCaseAssign(models.TransientModel):
    """Who gets which case: proposed by a rule or chosen by hand, seen, then done."""

    _name = "creditbox.case.assign"
    _inherit = ["creditbox.guarded"]
    _description = "Assign Cases"

    case_ids = fields.Many2many("creditbox.case", required=True)
    method = fields.Selection(
        [
            ("share", "By share"),
            ("least", "Who has least"),
            ("performance", "Who collects most"),
            ("hand", "By hand"),
        ],
        required=True,
        default="share",
    )
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Lawyer or agency",
        domain="[('kind', 'in', ('agency', 'lawyer'))]",
    )
    line_ids = fields.One2many(
        "creditbox.case.assign.line",
        "assign_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    def _window(self):
        if not self.case_ids:
            raise UserError(self.env._("None of these cases is to be assigned."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("case_ids", "method", "provider_id")
    def _compute_line_ids(self):
        for assign in self:
            cases = assign.case_ids._origin
            if assign.method == "hand":
                chosen = dict.fromkeys(cases, assign.provider_id)
            else:
                chosen = assign._choose(cases)
            assign.line_ids = [fields.Command.clear()] + [
                fields.Command.create({"case_id": case.id, "provider_id": provider.id})
                for case, provider in chosen.items()
            ]

    def _choose(self, cases):
        """Share the cases out, largest first, among the mandates that cover them.

        :return: {creditbox.case: creditbox.provider, empty where no mandate fits}
        """
        mandates = self.env["creditbox.mandate"].search(
            [("company_id", "in", cases.company_id.ids)]
        )
        has, collected = self._standing(mandates)
        chosen = {}
        for case in cases.sorted(lambda case: (-case.amount_due, case.id)):
            fitting = mandates.filtered(lambda m: m._fits(case))  # noqa: B023
            best = fitting.sorted(lambda m: self._rank(m, has, collected))[:1]
            has[best] += case.amount_due
            chosen[case] = best.provider_id
        return chosen

    def _rank(self, mandate, has, collected):
        """:return: tuple; the mandate with the smallest gets the next case"""
        if self.method == "share":
            first = has[mandate] / mandate.share if mandate.share else float("inf")
        elif self.method == "performance":
            first = -collected[mandate]
        else:
            first = has[mandate]
        return first, has[mandate], mandate.id

    def _standing(self, mandates):
        """:return: what each mandate has now, and the part that it has collected"""
        results = self.env["creditbox.provider.result"].search(
            [("provider_id", "in", mandates.provider_id.ids)]
        )
        by_key = {(r.provider_id, r.company_id): r for r in results}
        has, collected = defaultdict(float), defaultdict(float)
        for mandate in mandates:
            if result := by_key.get((mandate.provider_id, mandate.company_id)):
                has[mandate] = result.amount_due
                collected[mandate] = result.rate
        return has, collected

    def action_assign(self):
        """Hand the cases over as shown; those without a provider wait."""
        self.case_ids._require("creditbox_base.group_supervisor")
        given = self.line_ids.filtered("provider_id")
        if not given:
            raise UserError(self.env._("No lawyer or agency is chosen."))
        for provider, lines in given.grouped("provider_id").items():
            lines.case_id._assign(provider)
        return given.case_id._window()
