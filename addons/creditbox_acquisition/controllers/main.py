import json

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.labels import FIELD_LABELS
from ..tools import workbook
from ..tools.layouts import KINDS, LAYOUTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 10_000
TOTALS = {"count": int, "sum": float, "balance": float}


class CreditboxAcquisitionController(http.Controller):
    """Excel templates, refused rows, and the endpoint to which batches are pushed."""

    @http.route("/creditbox/acquisition/template/<kind>.xlsx", auth="user")
    def template(self, kind):
        """The empty Excel file of a standard layout."""
        if kind not in KINDS:
            raise request.not_found()
        labels = self._labels()
        notes = {
            field.name: request.env._(
                "%(need)s. Example: %(example)s",
                need=request.env._("Required")
                if field.required
                else request.env._("Optional"),
                example=str(field.example),
            )
            for field in LAYOUTS[kind]
        }
        title = dict(
            request.env["creditbox.mapping"]
            ._fields["kind"]
            ._description_selection(request.env)
        )[kind]
        content = workbook.write_template(kind, labels, notes, title)
        return self._send(content, f"creditbox_{kind}.xlsx")

    @http.route("/creditbox/acquisition/<int:acquisition_id>/refused.xlsx", auth="user")
    def refused(self, acquisition_id):
        """The rows refused, with the reasons, to be corrected and uploaded."""
        acquisition = request.env["creditbox.acquisition"].browse(acquisition_id)
        acquisition = acquisition.exists()
        if not acquisition:
            raise request.not_found()
        acquisition.check_access("read")
        sheets = acquisition.error_ids._refused_sheets()
        content = workbook.write_refused(sheets, self._labels())
        return self._send(content, f"refused_{acquisition_id}.xlsx")

    def _labels(self):
        env = request.env
        labels = {name: env._(label) for name, label in FIELD_LABELS.items()}
        return {**labels, workbook.REASON: env._("Why it was refused")}

    def _send(self, content, filename):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", http.content_disposition(filename)),
            ],
        )

    # -- push ----------------------------------------------------------------------

    @http.route(
        "/creditbox/acquisition/push",
        type="http",
        auth="bearer",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def push(self):
        """Take a batch of rows.

        Body: {"source": name or id, "kind": one of the layouts, "batch": identifier,
        "rows": [{field or heading: value}], "control": {"count", "sum", "balance"}}.
        The same batch again gives the same answer and writes nothing.
        """
        try:
            body = json.loads(request.httprequest.get_data())
            return self._push(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return self._answer({"error": f"bad request: {error}"}, 400)
        except AccessError as error:
            return self._answer({"error": str(error)}, 403)
        except UserError as error:
            return self._answer({"error": str(error)}, 422)

    def _push(self, body):
        env = request.env
        env["creditbox.acquisition"].check_access("create")
        source = self._find_source(body["source"])
        kind, batch, rows = body["kind"], str(body["batch"]).strip(), body["rows"]
        if not source:
            return self._answer({"error": "unknown source"}, 404)
        if kind not in KINDS or not batch or not isinstance(rows, list) or not rows:
            return self._answer({"error": "kind, batch and rows are required"}, 400)
        if len(rows) > MAX_ROWS:
            return self._answer({"error": f"more than {MAX_ROWS} rows"}, 413)
        known = env["creditbox.acquisition"].search(
            [("source_id", "=", source.id), ("batch_key", "=", batch)]
        )
        if known:
            return self._answer({**(known.answer or known._result()), "repeated": True})
        acquisition = self._create(source, kind, batch, rows, body.get("control") or {})
        return self._answer(acquisition.answer)

    def _find_source(self, value):
        sources = request.env["creditbox.source"]
        if isinstance(value, int):
            return sources.search([("id", "=", value)])
        return sources.search([("name", "=", str(value))], limit=1)

    def _create(self, source, kind, batch, rows, control):
        acquisitions = request.env["creditbox.acquisition"]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        acquisition = acquisitions._create_from_rows(
            source,
            kind,
            columns,
            [[_cell(row.get(name)) for name in columns] for row in rows],
            "push",
            batch_key=batch,
            **acquisitions._control_values(
                {
                    name: number(control[name])
                    for name, number in TOTALS.items()
                    if control.get(name) not in (None, "")
                }
            ),
        )
        acquisition.sudo().with_context(queue_job__no_delay=True)._enqueue()
        acquisition.sudo().answer = acquisition._result()
        return acquisition

    def _answer(self, content, status=200):
        return request.make_json_response(content, status=status)


def _cell(value):
    """Lists are joined; objects have no place in a row."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        raise ValueError("a value is an object")
    return value
