from odoo import api, fields, models

TOLD_AT_ONCE = 2000


class CreditboxCaseCollection(models.Model):
    """Whoever has a case is told of each payment once, within minutes, many at a time.

    Also of one that was taken back after it had been told.
    """

    _inherit = "creditbox.case.collection"

    to_tell = fields.Boolean(readonly=True)

    _to_tell_idx = models.Index("(provider_id, company_id) WHERE to_tell")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{"to_tell": bool(vals.get("provider_id")), **vals} for vals in vals_list]
        )

    def write(self, vals):
        if not vals.get("reversed"):
            return super().write(vals)
        # what nobody has been told of need not be taken back
        untold = self.filtered("to_tell")
        told = (self - untold).filtered("provider_id")
        res = super().write(vals)
        super(CreditboxCaseCollection, untold).write({"to_tell": False})
        super(CreditboxCaseCollection, told).write({"to_tell": True})
        return res

    @api.model
    def _cron_tell(self):
        """Every few minutes: one e-mail to each lawyer or agency and company."""
        waiting = [("to_tell", "=", True)]
        batch = self.search(
            waiting, order="provider_id, company_id, id", limit=TOLD_AT_ONCE
        )
        rows = batch.try_lock_for_update()
        rows._tell_providers()
        left = self.search_count(waiting) if rows else 0
        self.env["ir.cron"]._commit_progress(len(rows), remaining=left)

    def _tell_providers(self):
        """Write to whoever had the cases; without an address nobody is written to."""
        for (provider, company), rows in self.grouped(
            lambda row: (row.provider_id, row.company_id)
        ).items():
            writer = provider._for_contact(company)
            writer._write_to(
                company,
                writer.env._("Payments on your cases: %s", company.name),
                "creditbox_legal.mail_collections",
                rows=rows.with_env(writer.env),
            )
        self.write({"to_tell": False})
