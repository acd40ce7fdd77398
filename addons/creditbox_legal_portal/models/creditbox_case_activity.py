from odoo import fields, models


class CreditboxCaseActivity(models.Model):
    """What whoever has the case enters, and what the office lets them see."""

    _inherit = "creditbox.case.activity"

    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Entered by",
        readonly=True,
        index="btree_not_null",
        help="Lawyer or agency, on the portal.",
    )
    shared = fields.Boolean(
        string="On the portal",
        default=True,
        help="Whoever has the case sees it. What a lawyer or an agency has entered,"
        " another never sees.",
    )

    def _doer_lang(self):
        contact = self.sudo().provider_id.partner_id  # whoever plans it
        return contact.lang or super()._doer_lang()

    def _plan_next(self):
        """What comes after is for the same lawyer or agency."""
        return super(
            CreditboxCaseActivity,
            self.with_context(default_provider_id=self.provider_id.id),
        )._plan_next()

    def _case_shown(self):
        """:return: those that whoever has the case now may see"""
        return self.filtered(
            lambda activity: (
                activity.provider_id == activity.case_id.provider_id
                or (activity.shared and not activity.provider_id)
            )
        )

    def _case_add_file(self, file):
        """:param file: upload.Upload or None"""
        if file:
            self.attachment_ids += self.env["ir.attachment"].create(
                {
                    "name": file.name,
                    "raw": file.content,
                    "mimetype": file.mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
