from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.creditbox_base.tools.problem import FileProblem

from .reason import explain

# Files up to this size are written while the user waits.
FOREGROUND_BYTES = 200_000
ANALYZE_FROM_ROWS = 5000
TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "creditbox_acquisition_key",
    "creditbox_payment_bill",
    "creditbox_supply",
    "creditbox_position",
    "res_partner",
)
ENDED = ("done", "done_errors", "failed", "cancelled")


class CreditboxAcquisition(models.Model):
    """From the start to the end, one step a transaction."""

    _inherit = "creditbox.acquisition"

    # -- starting ------------------------------------------------------------------

    def action_process(self):
        """Read the file and write what is in it; the same rows again change nothing.

        Small files are written at once, others in the background (``queue_job``);
        ``queue_job__no_delay`` in the context writes at once whatever the size.

        :raises UserError: if the same file was taken before and `forced` is not set
        """
        self.check_access("write")
        for acquisition in self:
            if acquisition.state not in ("draft", "failed"):
                continue
            same = acquisition._find_same()
            if same:
                raise UserError(
                    self.env._(
                        "This very file was already taken on %(date)s "
                        "(%(name)s). Tick “Take Again” to take it all the same.",
                        date=fields.Date.to_string(same.create_date),
                        name=same.name,
                    )
                )
            acquisition.sudo()._enqueue()
        return True

    def _enqueue(self):
        self.ensure_one()
        self.source_id._prepare_accounts()
        self.write({"state": "queued", "message_code": False, "message_params": False})
        small = len(self._content()) <= FOREGROUND_BYTES
        if small or self.env.context.get("queue_job__no_delay"):
            self._process()
        else:
            self._delay()

    def _delay(self):
        self.with_delay(
            channel="root.creditbox_acquisition",
            description=self.env._("Acquire %s", self.name),
            identity_key=f"creditbox_acquisition_{self.id}_{self.row_count}",
        )._process_job()

    def _process_job(self):
        """One batch; the next one is another job, so that a kill costs one batch."""
        if self._step():
            self._delay()

    def _process(self):
        while self._step():
            pass

    def action_resume(self):
        """Go on with a batch whose background job was lost."""
        self.check_access("write")
        for acquisition in self.sudo():
            if acquisition.state in ("queued", "processing"):
                acquisition._delay()

    def action_cancel(self):
        self.check_access("write")
        for acquisition in self.sudo():
            if acquisition.state in ENDED:
                continue
            acquisition._end("cancelled")

    # -- one step ------------------------------------------------------------------

    def _step(self):
        """Open the file, or write the next batch of rows, or end.

        :return: whether there is more to do
        """
        self.ensure_one()
        if self.state not in ("queued", "processing"):
            return False
        try:
            if self.state == "queued":
                self._open()
                return True
            sheet = self.sheet_ids.filtered(lambda s: not s.finished)[:1]
            if sheet:
                self._take_rows(sheet)
                return True
        except FileProblem as problem:
            self._end("failed", problem.code, problem.params)
            return False
        self._finish()
        return False

    # -- ending --------------------------------------------------------------------

    def _finish(self):
        self.env["creditbox.acquisition.error"]._retake_waiting(self.company_id)
        self.actual_balance = self._open_balance()
        self._end("done_errors" if self.error_count else "done")
        if self.control_state != "mismatch":
            self.source_id.sudo().last_success = fields.Datetime.now()
        else:
            self._note("mismatch")
        if self.row_total >= ANALYZE_FROM_ROWS:
            for table in TABLES:
                self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _end(self, state, code=None, params=None):
        self.write(
            {
                "state": state,
                "ended": fields.Datetime.now(),
                "message_code": code or self.message_code,
                "message_params": params or self.message_params,
            }
        )
        self._drop_extracted()

    def _note(self, code, params=None):
        """Something to know about the whole batch."""
        self.message_post(body=explain(self.env, code, params))
        if not self.message_code:
            self.write({"message_code": code, "message_params": params or {}})
