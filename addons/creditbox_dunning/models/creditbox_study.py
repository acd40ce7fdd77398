import logging

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# overdue positions that are evaluated while the user waits: some seconds
AT_ONCE = 20_000


class CreditboxStudy(models.AbstractModel):
    """What an evaluation says of a whole portfolio, kept to be read.

    Small portfolios are evaluated at once, large ones in the background, piece by
    piece. A model that inherits this says which companies (``_studied_companies``) and
    does a piece of the work (``_work``).
    """

    _name = "creditbox.study"
    _inherit = ["creditbox.guarded"]
    _description = "Study of a Portfolio"

    state = fields.Selection(
        [
            ("draft", "Not tried yet"),
            ("waiting", "Being worked out"),
            ("done", "Worked out"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    date_evaluated = fields.Datetime(string="Worked out on", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", string="Tried by", readonly=True, copy=False)
    error = fields.Char(readonly=True, copy=False)

    def _studied_companies(self):
        """:return: res.company, whose positions are looked at"""
        raise NotImplementedError

    def _work(self):
        """Do a piece of the work, in this transaction.

        :return: whether another piece is left
        """
        raise NotImplementedError

    def _start(self):
        """Work it out: at once if it is small, else in the background."""
        for study in self.sudo():  # results are the system's; who calls has asked
            study.write({"state": "waiting", "user_id": self.env.uid, "error": False})
            if study._is_small():
                while study._work():
                    pass
                study._finish()
            else:
                study._enqueue()

    def _is_small(self):
        overdue = self.env["creditbox.position"].search_count(
            [
                ("company_id", "in", self._studied_companies().ids),
                ("amount_overdue", ">", 0),
            ],
            limit=AT_ONCE + 1,
        )
        return overdue <= AT_ONCE

    def _finish(self):
        self.write({"state": "done", "date_evaluated": fields.Datetime.now()})

    # ------------------------------------------------------------------
    # in the background
    # ------------------------------------------------------------------
    def _enqueue(self):
        for study in self:
            study.with_delay(
                description=study.display_name,
                identity_key=f"{study._name}-{study.id}",
                channel="root.creditbox",
            )._work_on()

    def _work_on(self):
        """Do one piece in a transaction of its own; come back for the next.

        Safe to repeat: what a killed worker had not committed is done anew.
        """
        self.ensure_one()
        if self.state != "waiting":
            return
        try:
            with self.env.cr.savepoint():
                more = self._work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole job starts anew
        except Exception as error:
            self.env.invalidate_all()
            _logger.exception("%s could not be worked out", self)
            self.write({"state": "failed", "error": str(error)[:500]})
            self._notify("danger", self.env._("It could not be worked out."))
            return
        if more:
            self._enqueue()
        else:
            self._finish()
            self._notify("success", self.env._("It has been worked out."))

    def _notify(self, kind, message):
        """Tell whoever waits for it, wherever they are now."""
        self.user_id._bus_send(
            "simple_notification",
            {"type": kind, "title": self.display_name, "message": message},
        )
