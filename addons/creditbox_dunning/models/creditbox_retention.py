from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from .creditbox_action import PENDING_STATES

# a claim may be brought before a court for so long (c.c. art. 2946)
PROOF_YEARS = 10
BATCH = 500


class CreditboxRetention(models.AbstractModel):
    """Raw messages of the PEC, receipts of SMS, files of the post.

    Of what belongs to an action the raw text goes, what it has proved stays; what
    belongs to none goes as a whole, once a person has dealt with it.
    """

    _inherit = "creditbox.retention"

    def _purges(self):
        return [
            *super()._purges(),
            self._purge_pec,
            self._purge_sms,
            self._purge_postal,
        ]

    def _sql_needed(self, action, company):
        """Condition that the papers of an action are still needed.

        It is under way, has been proved in the last ten years, or a bill is not paid.

        :param action: SQL of its id; its message may speak for others too
        """
        today = (company or self.env.company)._creditbox_today()
        return SQL(
            """
            EXISTS (
                SELECT FROM creditbox_action a
                 WHERE (a.id = %(action)s OR a.lead_id = %(action)s)
                   AND (a.state IN %(pending)s OR a.date_proof > %(proof)s OR EXISTS (
                       SELECT FROM creditbox_action_line l
                         JOIN creditbox_item i ON i.id = l.item_id
                         JOIN account_move_line line ON line.id = i.move_line_id
                        WHERE l.action_id = a.id AND line.reconciled IS NOT TRUE)))
            """,
            action=action,
            pending=("planned", *PENDING_STATES),
            proof=today - relativedelta(years=PROOF_YEARS),
        )

    def _old(self, model, company, before, condition):
        """:return: a batch of old records ``t``, oldest first"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id FROM %(table)s t
                 WHERE t.company_id IS NOT DISTINCT FROM %(company)s AND %(condition)s
                   AND t.create_date < %(before)s
                 ORDER BY t.id LIMIT %(batch)s
                """,
                table=SQL.identifier(self.env[model]._table),
                company=company.id or None,
                condition=condition,
                before=before,
                batch=BATCH,
            )
        )
        # whatever the night may read: nobody else deletes them
        return self.env[model].sudo().browse(id_ for (id_,) in rows)

    def _sql_has(self, model, field):
        """Condition that the binary field of the record ``t`` holds something."""
        return SQL(
            """
            EXISTS (SELECT FROM ir_attachment f
                     WHERE f.res_model = %s AND f.res_field = %s AND f.res_id = t.id)
            """,
            model,
            field,
        )

    def _purge_pec(self, company, before):
        model = "creditbox.pec.message"
        strangers = self._old(
            model, company, before, SQL("t.action_id IS NULL AND t.state <> 'open'")
        )
        ours = self._old(
            model,
            company,
            before,
            SQL(
                "t.action_id IS NOT NULL AND (%s OR %s) AND NOT %s",
                self._sql_has(model, "eml"),
                self._sql_has(model, "daticert"),
                self._sql_needed(SQL("t.action_id"), company),
            ),
        )
        count = len(strangers) + len(ours)
        ours.write({"eml": False, "daticert": False})
        strangers.unlink()
        return count

    def _purge_sms(self, company, before):
        model = "creditbox.sms.receipt"
        strangers = self._old(
            model, company, before, SQL("t.action_id IS NULL AND t.state <> 'open'")
        )
        ours = self._old(
            model,
            company,
            before,
            SQL(
                "t.action_id IS NOT NULL AND t.payload <> '' AND NOT %s",
                self._sql_needed(SQL("t.action_id"), company),
            ),
        )
        count = len(strangers) + len(ours)
        ours.write({"payload": False})
        strangers.unlink()
        return count

    def _purge_postal(self, company, before):
        """A file goes when no letter that it speaks of needs it any more."""
        model = "creditbox.postal.file"
        files = self._old(
            model,
            company,
            before,
            SQL(
                """
                (%s)
                AND NOT EXISTS (SELECT FROM creditbox_postal_error e
                                 WHERE e.file_id = t.id AND e.state = 'open')
                AND NOT EXISTS (SELECT FROM creditbox_postal_event e
                                 WHERE e.file_id = t.id AND %s)
                """,
                self._sql_has(model, "content"),
                self._sql_needed(SQL("e.action_id"), company),
            ),
        )
        count = len(files)
        files.error_ids.unlink()
        files.write({"content": False})
        return count
