import base64
import os
import tempfile
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.creditbox_base.tools import sandbox
from odoo.addons.creditbox_base.tools.problem import FileProblem

from ..tools import headings
from ..tools.layouts import KINDS
from ..tools.values import fold
from .creditbox_acquisition_sheet import columns_to_json
from .creditbox_mapping import recognised_columns, shift_merged


class CreditboxAcquisition(models.Model):
    """Opening the file, and finding out what each of its sheets is."""

    _inherit = "creditbox.acquisition"

    def _extracted(self):
        """`sandbox.Extracted` of the file; read once, kept until the end."""
        path = self._cache_path()
        if os.path.exists(path):
            return sandbox.Extracted(path, keep=True)
        data = self._content()
        if self.origin in ("push", "sql"):
            with open(path, "wb") as lines:
                lines.write(data)
            return sandbox.Extracted(path, keep=True)
        mapping = self._mappings()[:1]
        return sandbox.read(
            data, mapping.encoding or None, mapping._delimiter(), path=path
        )

    def _content(self):
        """bytes of the file, even where the web client asks for its size only."""
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _cache_path(self):
        name = f"creditbox_{self.env.cr.dbname}_{self.id}_{self.sha256[:16]}.rows"
        return os.path.join(tempfile.gettempdir(), name)

    def _drop_extracted(self):
        path = self._cache_path()
        if os.path.exists(path):
            os.unlink(path)

    def _mappings(self):
        if self.origin == "retake":
            return self.env["creditbox.mapping"]
        return self.source_id._mappings_for(self.kind, self.filename)

    def _open(self):
        """Find out what each sheet is; raise FileProblem if there is nothing."""
        with self._extracted() as extracted:
            plans = self._plan_sheets(extracted)
            sheets = [
                {
                    "name": sheet.name,
                    "sequence": KINDS.index(found.kind),
                    "kind": found.kind,
                    "mapping_id": mapping.id,
                    "headings": ", ".join(
                        f"{found.headings[index] or index + 1} → {name}"
                        for index, (name, _c) in sorted(found.columns.items())
                        if index < len(found.headings)
                    ),
                    "columns": columns_to_json(columns),
                    **self._start_of(extracted, sheet, found),
                }
                for sheet, found, mapping, columns in plans
            ]
            uncomputed = extracted.uncomputed
        self.write(
            {
                "state": "processing",
                "started": fields.Datetime.now(),
                "row_total": sum(sheet["row_total"] for sheet in sheets),
                "sheet_ids": [fields.Command.create(vals) for vals in sheets],
            }
        )
        if uncomputed:
            self._note("uncomputed", {"count": uncomputed})

    def _start_of(self, extracted, sheet, found):
        """Where the rows under the headings start, and how many they are."""
        skip = found.row + 1 + found.extra_rows
        offset, heading, total = sheet.offset, 0, 0
        rows = extracted.rows_from(sheet.offset)
        for index, (number, _cells, after) in enumerate(rows):
            if index < skip:
                offset, heading = after, number
            else:
                total += 1
        return {"offset": offset, "heading_row": heading, "row_total": total}

    def _plan_sheets(self, extracted):
        """list of (sheet, Recognition, mapping, columns), customers first."""
        plans, missing = [], []
        for sheet in extracted.sheets:
            plan = self._plan_sheet(extracted, sheet)
            if plan and not self._missing(plan):
                plans.append(plan)
            elif plan and not sheet.hidden:
                missing.append(self._missing(plan))
        if not plans:
            if missing:
                labels = min(missing, key=len)
                raise FileProblem("columns_missing", fields=", ".join(labels))
            raise FileProblem("no_table")
        return sorted(plans, key=lambda plan: KINDS.index(plan[1].kind))

    def _plan_sheet(self, extracted, sheet):
        for mapping in self._mappings():
            if mapping.sheet and fold(mapping.sheet) != fold(sheet.name):
                continue
            found = mapping._recognise_sheet(extracted, sheet)
            if found:
                return sheet, found, mapping, mapping._columns_of(found)
        if sheet.hidden:
            return None
        numbers, rows = extracted.head(sheet)
        kind = None if self.kind == "auto" else self.kind
        merged = shift_merged(sheet.merged, numbers)
        found = headings.recognise(rows, sheet.name, kind, merged)
        mapping = self.env["creditbox.mapping"]
        return found and (sheet, found, mapping, recognised_columns(found))

    def _missing(self, plan):
        """Labels of the required fields that no column gives."""
        _sheet, found, _mapping, columns = plan
        given = {column.field for column in columns}
        labels = dict(self.env["creditbox.mapping.column"]._selection_field_name())
        return [
            labels[spec.name]
            for spec in headings.LAYOUTS[found.kind]
            if spec.required and spec.name not in given
        ]

    @api.autovacuum
    def _gc_extracted(self):
        """Remove what killed processes left in the temporary folder."""
        limit = (fields.Datetime.now() - timedelta(days=2)).timestamp()
        folder = tempfile.gettempdir()
        for name in os.listdir(folder):
            if name.startswith("creditbox_") and name.endswith(".rows"):
                path = os.path.join(folder, name)
                if os.path.getmtime(path) < limit:
                    os.unlink(path)
