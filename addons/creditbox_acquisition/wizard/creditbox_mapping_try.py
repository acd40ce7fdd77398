from markupsafe import Markup, escape

from odoo import api, fields, models

from ..models.labels import FIELD_LABELS
from ..models.reason import explain

ROWS = 10


class CreditboxMappingTry(models.TransientModel):
    """The first rows of a sample, before and after; nothing is written."""

    _name = "creditbox.mapping.try"
    _description = "Try-out of a Mapping"

    mapping_id = fields.Many2one("creditbox.mapping", required=True)
    before = fields.Html(compute="_compute_tables", sanitize=False)
    after = fields.Html(compute="_compute_tables", sanitize=False)

    @api.depends("mapping_id")
    def _compute_tables(self):
        for wizard in self:
            wizard.before, wizard.after = wizard._make_tables()

    def _make_tables(self):
        mapping = self.mapping_id
        with mapping._open_sample() as extracted:
            found = mapping._recognise(extracted)
            if not found:
                return Markup("<p>%s</p>") % explain(self.env, "no_table"), ""
            sheet, recognition = found
            numbers, rows = extracted.head(sheet, 40 + ROWS)
        start = recognition.row + 1 + recognition.extra_rows
        numbers, rows = numbers[start:][:ROWS], rows[start:][:ROWS]
        converter = mapping._converter(recognition)
        return (
            self._html_table([self.env._("Row"), *recognition.headings], numbers, rows),
            self._after(converter, numbers, rows),
        )

    def _after(self, converter, numbers, rows):
        names = [column.field for column in converter.columns]
        labels = [self.env._(FIELD_LABELS[name]) for name in names]
        cells, problems = [], []
        for row in rows:
            values, faults = converter.convert(row)
            cells.append([self._shown(values.get(name)) for name in names])
            problems.append(
                [
                    f"{self.env._(FIELD_LABELS.get(fault.field, fault.field))}: "
                    f"{explain(self.env, fault.code, fault.params)}"
                    for fault in faults
                ]
            )
        return self._html_table([self.env._("Row"), *labels], numbers, cells, problems)

    def _shown(self, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        return "; ".join(value) if isinstance(value, list) else str(value)

    def _html_table(self, headings, numbers, rows, problems=None):
        head = Markup().join(Markup("<th>%s</th>") % text for text in headings)
        body = Markup()
        for index, (number, row) in enumerate(zip(numbers, rows, strict=True)):
            cells = Markup().join(
                Markup("<td>%s</td>") % ("" if cell is None else cell) for cell in row
            )
            body += Markup("<tr><td>%s</td>%s</tr>") % (number, cells)
            if problems and problems[index]:
                body += Markup(
                    '<tr class="table-danger"><td></td><td colspan="%s">%s</td></tr>'
                ) % (
                    len(headings) - 1,
                    Markup("<br/>").join(map(escape, problems[index])),
                )
        return Markup(
            '<div class="table-responsive"><table class="table table-sm">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (head, body)
