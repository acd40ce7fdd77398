import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools import sheet

COLUMNS = ("month", "accessibility", "level", "wait", "calls")


class CreditboxPhoneUpload(models.TransientModel):
    """Telephone figures from the workbook of the call centre."""

    _name = "creditbox.phone.upload"
    _description = "Telephone Figures from a File"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    file = fields.Binary(required=True)
    file_name = fields.Char()

    def _default_company_id(self):
        return self.env.company

    def _headings(self):
        return {
            "month": self.env._("Month"),
            "accessibility": "AS",
            "level": "LS",
            "wait": "TMA",
            "calls": self.env._("Calls"),
        }

    def action_template(self):
        """:return: action that opens an empty workbook with the headings"""
        headings = list(self._headings().values())
        content = sheet.write(self.env._("Telephone"), headings, [])
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("telephone.xlsx"),
                "raw": content,
                "mimetype": sheet.XLSX,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_upload(self):
        """Take the months in; those that are there already are corrected.

        :return: window action of the months
        :raises UserError: the file, or a row of it, cannot be read; nothing is taken
        """
        self.ensure_one()
        values = self._values(self._rows())
        months = self.env["creditbox.phone.month"]
        known = months.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "in", [vals["date"] for vals in values]),
            ]
        ).grouped("date")
        new = []
        for vals in values:
            if month := known.get(vals["date"]):
                month.write(vals)
            else:
                new.append({**vals, "company_id": self.company_id.id})
        months.create(new)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_frontoffice.creditbox_phone_month_action"
        )

    def _rows(self):
        content = base64.b64decode(self.with_context(bin_size=False).file)
        headings = self._headings()
        try:
            return sheet.read(content, COLUMNS, headings)
        except sheet.Unreadable as problem:
            texts = {
                "kind": self.env._("The file is no workbook and no CSV file."),
                "too_large": self.env._("The file is too large."),
                "empty": self.env._("The file holds no rows."),
                "heading": self.env._(
                    "The file has no column «%s».", headings.get(problem.detail)
                ),
            }
            raise UserError(texts[problem.reason]) from problem

    def _values(self, rows):
        headings = self._headings()
        values, problems = [], []
        for number, row in enumerate(rows, start=2):
            vals = {}
            for name in COLUMNS:
                try:
                    vals[name] = self._value(name, row[name])
                except ValueError:
                    problems.append(
                        self.env._(
                            "Row %(row)s, %(field)s: «%(value)s» cannot be.",
                            row=number,
                            field=headings[name],
                            value=sheet.as_text(row[name]),
                        )
                    )
            vals["date"] = vals.pop("month", None)
            values.append(vals)
        days = [vals["date"] for vals in values]
        if not problems and len(set(days)) < len(days):
            problems.append(self.env._("A month comes twice."))
        if problems:
            raise UserError("\n".join(problems))
        return values

    def _value(self, name, cell):
        if name == "month":
            return self._month(cell)
        number = sheet.as_number(cell)
        if name == "calls":
            return int(number or 0)
        if number is None or (name != "wait" and number > 100):
            raise ValueError(cell)
        return number

    def _month(self, cell):
        """«2026-03», «03/2026» or any day of the month."""
        text = sheet.as_text(cell)
        if len(text) == 7:
            text = f"01/{text}" if "/" in text else f"{text}-01"
            cell = text
        day = sheet.as_date(cell)
        if not day:
            raise ValueError(cell)
        return day.replace(day=1)
