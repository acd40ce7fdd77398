import logging
import posixpath
from contextlib import contextmanager
from functools import partial

import fsspec
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools.folder import is_settled

from ..tools.layouts import KINDS

_logger = logging.getLogger(__name__)


class CreditboxSource(models.Model):
    """How the data of a billing system comes by itself: folder, database, rhythm."""

    _inherit = "creditbox.source"

    @api.model
    def _cron_run(self):
        """Take what has come, source by source; one that fails does not stop others."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("delivery", "in", ("folder", "sql")),
                "|",
                ("next_run", "=", False),
                ("next_run", "<=", now),
            ]
        )
        for done, source in enumerate(due, start=1):
            # the cron's user has no language of those who read what is noted
            source = source.with_context(lang=source.company_id.partner_id.lang)
            try:
                with self.env.cr.savepoint():
                    source._run()
            except Exception as error:
                _logger.info("Source %s could not be read", source.id, exc_info=True)
                source._note_failure(error)
            source._plan_next_run()
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - done)

    def _plan_next_run(self):
        step = relativedelta(**{self.interval_type: self.interval_number})
        self.next_run = fields.Datetime.now() + step

    def _note_failure(self, error):
        self.message_post(
            body=self.env._("The data could not be taken: %s", error),
            subtype_xmlid="mail.mt_note",
        )

    def action_run(self):
        """Take now what waits in the folder or in the database.

        :return: an action that shows the batches made
        """
        self.check_access("read")
        acquisitions = self.sudo()._run()
        if not acquisitions:
            raise UserError(self.env._("There is nothing new."))
        return acquisitions.sudo(False)._get_records_action(
            name=self.env._("Acquisitions")
        )

    def _run(self):
        """creditbox.acquisition records made from what has come."""
        acquisitions = self.env["creditbox.acquisition"]
        for source in self:
            if source.delivery == "folder":
                acquisitions |= source._run_folder()
            elif source.delivery == "sql":
                acquisitions |= source._run_sql()
        return acquisitions

    @contextmanager
    def _plain_errors(self):
        """Errors of other people's servers are of any class: say what they say."""
        try:
            yield
        except Exception as error:
            _logger.info("Source %s could not be read", self.id, exc_info=True)
            raise UserError(
                self.env._(
                    "%(name)s could not be read: %(error)s",
                    name=self.name,
                    error=str(error).strip() or type(error).__name__,
                )
            ) from error

    # -- folder --------------------------------------------------------------------

    def _run_folder(self):
        """Make an acquisition of each file that waits, and move the file aside."""
        if not self.fs_storage_id:
            raise UserError(self.env._("No storage is set on %s.", self.name))
        with self._plain_errors():
            filesystem = self._open_storage()
            paths = list(self._waiting_files(filesystem))
        acquisitions = self.env["creditbox.acquisition"]
        moves = []
        for path in paths:
            with self._plain_errors():
                data = filesystem.cat_file(path)
            acquisition = acquisitions._create_from_file(
                self, posixpath.basename(path), data, "folder"
            )
            if acquisition.state == "draft":
                acquisition._enqueue()
            moves.append((path, self._place_aside(path, acquisition)))
            acquisitions |= acquisition
        # Only what is safely in the database leaves the folder: a file that stays
        # there by accident is recognised the next time.
        self.env.cr.postcommit.add(partial(move_files, filesystem, moves))
        return acquisitions

    def _open_storage(self):
        """The folder as it is now: fsspec keeps connections and listings for ever."""
        storage = self.fs_storage_id.sudo()
        fsspec.get_filesystem_class(storage.protocol).clear_instance_cache()
        return storage._get_filesystem()

    def _waiting_files(self, filesystem):
        """Paths, oldest name first, of the files that are complete."""
        pattern = posixpath.join(self.folder or "", self.file_pattern or "*")
        for path in sorted(filesystem.glob(pattern)):
            info = filesystem.info(path)
            name = posixpath.basename(path)
            if info["type"] == "file" and not name.startswith("."):
                if self._is_settled(info):
                    yield path

    def _is_settled(self, info):
        return is_settled(info, fields.Datetime.now(), self.settle_seconds)

    def _place_aside(self, path, acquisition):
        """Where a file goes once taken; its name gets the number of the batch."""
        failed = acquisition.state in ("failed", "cancelled")
        folder = (self.folder_failed if failed else self.folder_done) or "done"
        return posixpath.join(folder, f"{acquisition.id}_{posixpath.basename(path)}")

    # -- database ------------------------------------------------------------------

    def _run_sql(self):
        """Make an acquisition of the answer of each mapping's query."""
        if not self.dbsource_id:
            raise UserError(self.env._("No database is set on %s.", self.name))
        acquisitions = self.env["creditbox.acquisition"]
        mappings = self.mapping_ids.filtered("query")
        for mapping in mappings.sorted(lambda m: KINDS.index(m.kind)):
            started = fields.Datetime.now()
            since = mapping.last_pull or fields.Datetime.to_datetime("1900-01-01")
            with self._plain_errors():
                answer = self.dbsource_id.sudo().execute(
                    mapping.query, {"since": since}, metadata=True
                )
            mapping.last_pull = started
            if answer["rows"]:
                acquisitions |= acquisitions._create_from_rows(
                    self, mapping.kind, answer["cols"], answer["rows"], "sql"
                )
        for acquisition in acquisitions:
            acquisition._enqueue()
        return acquisitions


def move_files(filesystem, moves):
    """Move files of a folder, (from, to); one that cannot be moved is left there."""
    for path, target in moves:
        try:
            filesystem.makedirs(posixpath.dirname(target), exist_ok=True)
            filesystem.mv(path, target)
        except Exception:
            _logger.exception("File %s could not be moved aside", path)
