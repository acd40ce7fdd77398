import base64
import logging
import posixpath
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import postal_package
from ..tools.transport import RETRY_MINUTES, own_transaction

_logger = logging.getLogger(__name__)


class CreditboxLetterLot(models.Model):
    """How a lot gets to the outsourcer: whole or not at all, and once.

    First it is frozen: who has paid is taken out, the files are made and kept; from
    then on it never changes. Then the files are put into the outsourcer's folder, each
    under a temporary name first, the manifest last: only with it the lot counts there.
    A mark is committed before the manifest gets its name. Whoever dies in between
    leaves the mark: if the manifest is then neither there nor waiting under its
    temporary name, nobody knows whether the outsourcer has taken it, and a person must
    find out.
    """

    _inherit = "creditbox.letter.lot"

    postal_delivery = fields.Selection(related="provider_id.postal_delivery")
    date_delivered = fields.Datetime(
        string="Handed over on", readonly=True, tracking=True
    )
    date_accepted = fields.Date(string="Accepted on", readonly=True)
    delivery_error = fields.Char(readonly=True)
    delivery_attempts = fields.Integer(string="Attempts", readonly=True)
    delivery_retry_at = fields.Datetime(string="Next attempt", readonly=True)
    delivery_mark = fields.Datetime(
        readonly=True, help="The manifest was about to get its name."
    )
    delivery_in_doubt = fields.Boolean(
        string="In doubt",
        readonly=True,
        help="The process stopped while handing over: nobody knows if it was taken.",
    )

    # ------------------------------------------------------------------
    # freeze
    # ------------------------------------------------------------------
    def action_check_due(self):
        """Take out what has been paid since the lot was printed.

        :return: notification with the number of letters taken out
        """
        self._require("creditbox_base.group_operator")
        gone = self.sudo()._take_out_settled()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if gone else "success",
                "message": self.env._("%s letters taken out", len(gone)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _take_out_settled(self):
        """:return: the actions of waiting lots that were not due any more"""
        waiting = self.filtered(lambda lot: lot.state == "ready")
        return waiting.action_ids._take_out_settled()

    def _freeze(self):
        """Take out what is paid, then make the files that will be handed over."""
        self.ensure_one()
        self._take_out_settled()  # locks the positions: first, as payments do
        self.lock_for_update()
        if self.state != "ready":
            return  # nothing was left, or somebody else was faster
        self._note_provider()
        self.write(
            {
                "state": "sending",
                "package": base64.b64encode(postal_package.pack(self._files())),
                "delivery_retry_at": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------------
    # hand over
    # ------------------------------------------------------------------
    def action_deliver(self):
        """Hand the lot over now, or try again.

        :return: the download of its files, where that is how they are handed over
        """
        self.ensure_one()
        self._require("creditbox_base.group_operator")
        if not self.provider_id:
            raise UserError(self.env._("Say first who prints and posts this lot."))
        self.run_id._check_green()
        self.sudo()._deliver()
        if self.postal_delivery == "download" and self.state == "delivered":
            return self.action_download()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_download(self):
        """:return: download of the files for the outsourcer, as they were made"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/package/{self.package_name}"
            "?download=true",
            "target": "self",
        }

    @api.model
    def _cron_deliver(self):
        """Hand over the lots that wait for it; one that fails stops no other."""
        lots = self.search(
            [
                "|",
                "&",
                ("state", "=", "ready"),
                "&",
                ("provider_id.postal_auto", "=", True),
                ("provider_id.postal_delivery", "=", "folder"),
                "&",
                ("state", "=", "sending"),
                ("delivery_in_doubt", "=", False),
            ],
            order="id",
        )
        now = fields.Datetime.now()
        green = lots.company_id._creditbox_green()
        for lot in lots.filtered(lambda lot: lot.company_id in green):
            if not lot.delivery_retry_at or lot.delivery_retry_at <= now:
                lot.with_context(lang=lot.company_id.partner_id.lang)._deliver()

    def _deliver(self):
        """Freeze and hand over; an error is kept on the lot and tried again later."""
        with self._delivering() as free:
            if not free:
                return
            try:
                with own_transaction(self.env.cr):
                    self._freeze()
                if self.state != "sending" or self.delivery_in_doubt:
                    return
                if self.postal_delivery == "folder":
                    self._upload()
                elif self.state == "sending":
                    with own_transaction(self.env.cr):
                        self._mark_delivered()
            except Exception as error:  # other people's servers raise anything
                self.env.invalidate_all()
                _logger.warning("Lot %s: %s", self.name, error, exc_info=True)
                with own_transaction(self.env.cr):
                    self._note_delivery_error(error)

    @contextmanager
    def _delivering(self):
        """:return: whether no other process is delivering this lot, until the end

        The lock outlives transactions, and dies with the process.
        """
        key = SQL("hashtext('creditbox.letter.lot'), %s", self.id)
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", key))
        free = self.env.cr.fetchone()[0]
        try:
            yield free
        finally:
            if free:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s)", key))

    def _upload(self):
        """Put the files into the outsourcer's folder, the manifest last."""
        filesystem = self.provider_id._postal_filesystem()
        folder = self.provider_id.postal_folder_out or ""
        package = base64.b64decode(self.with_context(bin_size=False).package)
        *files, manifest = [
            (posixpath.join(folder, name), content)
            for name, content in postal_package.unpack(package).items()
        ]
        if self.delivery_mark and not self._is_undecided(filesystem, *manifest):
            return
        if folder:
            filesystem.makedirs(folder, exist_ok=True)
        for path, content in files:
            self._put(filesystem, path, content)
        self._put_manifest(filesystem, *manifest)

    def _is_undecided(self, filesystem, path, content):
        """An attempt was broken off at the manifest: see how far it came.

        :return: whether the manifest still waits to get its name
        """
        with own_transaction(self.env.cr):
            if self._is_there(filesystem, path, content):
                self._mark_delivered()
            elif not filesystem.exists(_temporary(path)):
                self.write(
                    {
                        "delivery_in_doubt": True,
                        "delivery_error": self.env._(
                            "Nobody knows whether the outsourcer has taken the lot"
                        ),
                    }
                )
        return self.state == "sending" and not self.delivery_in_doubt

    def _put(self, filesystem, path, content):
        if not self._is_there(filesystem, path, content):
            filesystem.pipe_file(_temporary(path), content)
            filesystem.mv(_temporary(path), path)

    def _put_manifest(self, filesystem, path, content):
        if not self._is_there(filesystem, path, content):
            filesystem.pipe_file(_temporary(path), content)
            with own_transaction(self.env.cr):
                self.delivery_mark = fields.Datetime.now()
            filesystem.mv(_temporary(path), path)
        with own_transaction(self.env.cr):
            self._mark_delivered()

    def _is_there(self, filesystem, path, content):
        """:raises UserError: something else has this name; it is not overwritten"""
        if not filesystem.exists(path):
            return False
        if filesystem.cat_file(path) != content:
            raise UserError(self.env._("%s is there already, and is not ours.", path))
        return True

    def _mark_delivered(self):
        self.write(
            {
                "state": "delivered",
                "date_delivered": fields.Datetime.now(),
                "delivery_error": False,
                "delivery_in_doubt": False,
                "delivery_mark": False,
            }
        )

    def _note_delivery_error(self, error):
        attempt = min(self.delivery_attempts, len(RETRY_MINUTES) - 1)
        retry_at = fields.Datetime.now() + timedelta(minutes=RETRY_MINUTES[attempt])
        reason = str(error).strip() or type(error).__name__
        if not self.delivery_error:
            self.message_post(body=self.env._("Not handed over: %s", reason))
        self.write(
            {
                "delivery_error": reason,
                "delivery_attempts": self.delivery_attempts + 1,
                "delivery_retry_at": retry_at,
            }
        )

    # ------------------------------------------------------------------
    # afterwards
    # ------------------------------------------------------------------
    def action_was_delivered(self):
        """Settle a doubt: the outsourcer has the lot."""
        self._settle_doubt(self.env._("The outsourcer has it, says %s"))
        self.sudo().filtered("delivery_in_doubt")._mark_delivered()

    def action_deliver_again(self):
        """Settle a doubt: the outsourcer has not got the lot."""
        self._settle_doubt(self.env._("The outsourcer has not got it, says %s"))
        self.sudo().filtered("delivery_in_doubt").write(
            {"delivery_in_doubt": False, "delivery_mark": False}
        )
        return self.action_deliver()

    def _settle_doubt(self, text):
        self._require("creditbox_base.group_operator")
        for lot in self.filtered("delivery_in_doubt"):
            lot.message_post(body=text % self.env.user.name)

    def action_accepted(self):
        """The outsourcer has accepted the lot."""
        self._require("creditbox_base.group_operator")
        self._note_accepted()

    def _note_accepted(self):
        """Also an outcome of one of its letters says so."""
        for lot in self.sudo().filtered(lambda lot: lot.state == "delivered"):
            today = lot.company_id._creditbox_today()
            lot.write({"state": "accepted", "date_accepted": today})


def _temporary(path):
    return f"{path}.part"
