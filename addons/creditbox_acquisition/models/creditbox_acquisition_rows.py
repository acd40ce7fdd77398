import logging

from psycopg2 import OperationalError

from odoo import models
from odoo.tools import SQL

from ..tools.layouts import KEYS
from ..tools.values import fold
from ..writers import WRITERS
from ..writers.base import WRITTEN
from ..writers.row import Row

_logger = logging.getLogger(__name__)

TOTALS = {"totale", "totali", "total", "totals", "totale generale", "grand total"}


class CreditboxAcquisition(models.Model):
    """Writing the rows of a sheet, batch by batch, and counting what became of them."""

    _inherit = "creditbox.acquisition"

    def _take_rows(self, sheet):
        """Write the next batch of rows of a sheet, and note where it stopped."""
        limit = self.source_id.batch_size
        rows, offset, read = [], int(sheet.offset), 0
        converter = sheet._converter()
        with self._extracted() as extracted:
            for number, cells, after in extracted.rows_from(offset):
                offset, read = after, read + 1
                row = self._make_row(converter, sheet, number, cells)
                if row:
                    rows.append(row)
                if read == limit:
                    break
        if rows:
            self._write_rows(sheet.kind, rows)
        sheet.write(
            {
                "offset": offset,
                "row_done": sheet.row_done + read,
                "finished": read < limit,
            }
        )
        self.row_count += read

    def _make_row(self, converter, sheet, number, cells):
        raw = converter.raw(cells)
        values, faults = converter.convert_raw(raw)
        key = values.get(KEYS[sheet.kind]) or ""
        if faults and self._is_total(cells, key):
            return None
        return Row(sheet.name or "", number, raw, values, key, faults)

    def _is_total(self, cells, key):
        """Whether this is the line of totals under the table."""
        texts = {fold(cell) for cell in cells if isinstance(cell, str)}
        return bool(texts & TOTALS) and (not key or fold(key) in TOTALS)

    def _write_rows(self, kind, rows):
        """Write rows of one kind, count them, and keep what is wrong with them."""
        writer = WRITERS[kind](self.source_id)
        self._write_safely(writer, rows)
        self.env["creditbox.acquisition.error"]._supersede(self, kind, rows)
        self.env["creditbox.acquisition.error"]._keep(self, kind, rows)
        self._count(rows)
        self._recount()
        self._refresh_positions(writer.partner_ids)

    def _write_safely(self, writer, rows):
        """Write rows; if that fails, halve them until the one to blame is found."""
        try:
            with self.env.cr.savepoint():
                writer.take(rows)
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            writer._cache.clear()
            for row in rows:
                row.reset()
            if len(rows) == 1:
                _logger.info("A row was refused: %s", error, exc_info=True)
                rows[0].refuse("", "unexpected", message=_first_line(error))
                return
            middle = len(rows) // 2
            self._write_safely(writer, rows[:middle])
            self._write_safely(writer, rows[middle:])

    def _count(self, rows):
        taken = [row for row in rows if row.outcome in WRITTEN]
        amounts = [row.values.get("amount") or 0 for row in taken]
        outcomes = [row.outcome for row in rows]
        self.write(
            {
                **{
                    f"{name}_count": self[f"{name}_count"] + outcomes.count(name)
                    for name in WRITTEN
                },
                "actual_count": self.actual_count + len(taken),
                "actual_sum": self.actual_sum + float(sum(amounts)),
            }
        )

    def _recount(self):
        """Count the rows that are still refused or waiting, and the warnings."""
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_acquisition AS acquisition
                   SET error_count = counted.errors,
                       waiting_count = counted.waiting,
                       warning_count = counted.warnings
                  FROM (
                        SELECT one.id,
                               COUNT(DISTINCT (error.sheet, error.row))
                                   FILTER (WHERE error.state = 'open'
                                             AND error.level = 'error') AS errors,
                               COUNT(DISTINCT (error.sheet, error.row))
                                   FILTER (WHERE error.state = 'waiting') AS waiting,
                               COUNT(*) FILTER (WHERE error.level = 'warning')
                                   AS warnings
                          FROM unnest(%s::int[]) AS one(id)
                          LEFT JOIN creditbox_acquisition_error AS error
                            ON error.acquisition_id = one.id
                         GROUP BY one.id
                       ) AS counted
                 WHERE acquisition.id = counted.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["error_count", "waiting_count", "warning_count"])
        for acquisition in self:
            if acquisition.state in ("done", "done_errors"):
                state = "done_errors" if acquisition.error_count else "done"
                if acquisition.state != state:
                    acquisition.state = state

    def _refresh_positions(self, partner_ids):
        if not partner_ids:
            return
        position = self.env["creditbox.position"].sudo()
        position._refresh(list(partner_ids), self.company_id)
        position._on_debt_changed(list(partner_ids))


def _first_line(error):
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
