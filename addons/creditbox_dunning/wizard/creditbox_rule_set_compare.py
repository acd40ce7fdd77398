from odoo import api, fields, models

from ..models.creditbox_rule import CLASSIFICATION

# what tells at a glance what a row that is new, or gone, does
TELLING = (
    *CLASSIFICATION,
    "code",
    "wait_before",
    "wait_after",
    "amount_from",
    "amount_to",
    "threshold",
)


class CreditboxRuleSetCompare(models.TransientModel):
    """What two versions of the action table do differently, row by row."""

    _name = "creditbox.rule.set.compare"
    _description = "Compare Two Versions"

    after_id = fields.Many2one(
        "creditbox.rule.set", string="Version", required=True, ondelete="cascade"
    )
    before_id = fields.Many2one(
        "creditbox.rule.set",
        string="Compared with",
        compute="_compute_before_id",
        store=True,
        readonly=False,
        ondelete="cascade",
    )
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    @api.depends("after_id")
    def _compute_before_id(self):
        for compare in self:
            compare.before_id = compare.after_id._version_before()

    @api.depends("before_id", "after_id")
    def _compute_comparison(self):
        for compare in self:
            compare.comparison = self.env["ir.qweb"]._render(
                "creditbox_dunning.rule_set_comparison",
                {"rows": compare._differences()},
            )

    def _differences(self):
        """Return what differs, in the order of the steps.

        :return: [{"kind": added, removed or changed, "rule": creditbox.rule,
            "columns": [(label, value before or None, value after or None)]}]
        """
        self.ensure_one()
        before, after = self.before_id.rule_ids, self.after_id.rule_ids
        twins = after._twins(before)
        found = [
            *(self._difference("added", rule) for rule in after - self._of(twins)),
            *(
                self._difference("removed", rule)
                for rule in before - self._of(twins.values())
            ),
            *(
                self._difference("changed", rule, old, changed)
                for rule, old in twins.items()
                if (changed := rule._changes(old))
            ),
        ]
        return sorted(
            found, key=lambda row: (row["rule"].step, row["rule"].sequence, row["kind"])
        )

    def _of(self, rules):
        return self.env["creditbox.rule"].union(*rules)

    def _difference(self, kind, rule, old=None, changed=None):
        names = changed or [name for name in TELLING if rule[name]]
        return {
            "kind": kind,
            "rule": rule,
            "columns": [
                (
                    rule._fields[name]._description_string(self.env),
                    (old or rule)._described(name) if kind != "added" else None,
                    rule._described(name) if kind != "removed" else None,
                )
                for name in names
            ],
        }
