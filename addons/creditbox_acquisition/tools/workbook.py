"""Write Excel files: the empty templates, and the refused rows to be corrected."""

import io
import re

import xlsxwriter

from .layouts import fields_of

REASON = "creditbox_reason"
_FORMATS = {"date": "yyyy-mm-dd", "decimal": "#,##0.00", "code": "@", "codes": "@"}


def write_template(kind, labels, notes, title):
    """bytes of an empty workbook of a layout, with notes on the headings.

    :param labels: dict field -> heading shown
    :param notes: dict field -> text of the note on the heading
    :param title: name of the sheet
    """
    return _write([(title, kind, None, [], None)], labels, notes)


def write_refused(sheets, labels):
    """bytes of a workbook of refused rows.

    :param sheets: list of (title, kind, field names, rows, reasons): rows are dicts
        field -> cell; the reasons, one a row, go into a last column that is ignored
        when the file is read again
    """
    return _write(sheets, labels)


def _write(sheets, labels, notes=None):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    head = {"bold": True, "bg_color": "#E7EEF7", "bottom": 1, "text_wrap": True}
    styles = {
        name: book.add_format({"num_format": text}) for name, text in _FORMATS.items()
    }
    styles["optional"] = book.add_format(head)
    styles["required"] = book.add_format({**head, "bg_color": "#FBE5C8"})
    for title, kind, names, rows, reasons in sheets:
        sheet = book.add_worksheet(_safe_title(title))
        specs = [
            spec
            for name, spec in fields_of(kind).items()
            if names is None or name in names
        ]
        _write_head(sheet, specs, labels, notes or {}, styles)
        if reasons is not None:
            sheet.write_string(0, len(specs), labels[REASON], styles["optional"])
            sheet.set_column(len(specs), len(specs), 60)
        for line, row in enumerate(rows, start=1):
            for column, spec in enumerate(specs):
                _write_cell(sheet, line, column, row.get(spec.name))
            if reasons is not None:
                sheet.write_string(line, len(specs), reasons[line - 1])
        sheet.freeze_panes(1, 1)
    book.close()
    return stream.getvalue()


def _write_head(sheet, specs, labels, notes, styles):
    for column, spec in enumerate(specs):
        heading = labels.get(spec.name, spec.name)
        style = styles["required" if spec.required else "optional"]
        sheet.write_string(0, column, heading, style)
        width = max(12, min(40, len(heading) + 4))
        sheet.set_column(column, column, width, styles.get(spec.type))
        if spec.name in notes:
            sheet.write_comment(0, column, notes[spec.name])


def _safe_title(title):
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or "1"


def _write_cell(sheet, line, column, value):
    """Text is never taken for a formula or a link."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    else:
        sheet.write_string(line, column, str(value))
