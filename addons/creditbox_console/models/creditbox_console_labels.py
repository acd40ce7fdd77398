"""How the console calls what it cuts and filters by."""

from odoo import api, models


class CreditboxConsole(models.AbstractModel):
    _inherit = "creditbox.console"

    @api.model
    def _labels(self, dimension, values):
        """:return: {value or False: what it is called}, values as texts or records"""
        labels = {False: self.env._("None")}
        if dimension == "city":
            return labels | {value: value for value in values if value}
        model = self.env[self.env["creditbox.console.cell"][dimension]._name]
        # names of typologies, colleagues and provinces are no secret
        records = model.sudo().browse(value.id for value in values if value)
        labels |= dict.fromkeys(records.ids, "?")
        return labels | {record.id: record.name for record in records.exists()}

    @api.model
    def _filters_described(self, params, companies, snapshots):
        """The filters in words, for the chips at the top."""
        labels = dict(self._dimension_labels(), kind=self.env._("Only"))
        described = []
        for dimension, values in (params.get("filters") or {}).items():
            if values:
                described.append(
                    {
                        "dimension": dimension,
                        "label": labels[dimension],
                        "values": self._values_described(
                            dimension, values, companies, snapshots
                        ),
                    }
                )
        return described

    @api.model
    def _values_described(self, dimension, values, companies, snapshots):
        if dimension == "kind":
            return [{"value": v, "label": self._kind_label(v)} for v in values]
        if dimension == "bucket_id":
            buckets = self._bucket_definitions(companies, snapshots)
            names = {bucket["id"]: bucket["name"] for bucket in buckets}
            return [
                {"value": name, "label": name}
                for name in dict.fromkeys(names.get(v, "?") for v in values)
            ]
        if dimension == "city":
            labels = self._labels(dimension, values)
        else:
            model = self.env[self.env["creditbox.console.cell"][dimension]._name]
            labels = self._labels(dimension, [model.browse(v or []) for v in values])
        return [{"value": value, "label": labels.get(value, "?")} for value in values]

    @api.model
    def _kind_label(self, kind):
        return {
            "overdue": self.env._("Overdue"),
            "not_due": self.env._("Falling due"),
            "credit": self.env._("Credits"),
            "held": self.env._("On hold"),
        }[kind]
