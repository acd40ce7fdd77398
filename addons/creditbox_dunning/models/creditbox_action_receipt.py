from odoo import fields, models


class CreditboxAction(models.Model):
    """What receipts do, whichever channel they come from."""

    _inherit = "creditbox.action"

    sms_receipt_ids = fields.One2many(
        "creditbox.sms.receipt", "action_id", string="SMS receipts", readonly=True
    )

    def _receipt_delivered(self, day):
        """Take the proof of delivery; the first one counts.

        :param day: datetime.date of the delivery
        :return: those that had been given up and replaced by another way: too late
        """
        self.filtered(lambda action: action.state == "done")._mark_delivered(day)
        given_up = self.filtered(lambda action: action.state == "failed")
        return given_up - given_up._mark_delivered_after_all(day)

    def _receipt_failed(self, reason, wrong_address=False):
        """Take a failure; what has been delivered stays so.

        :param reason: str shown to the operator
        :param wrong_address: no such address: it is not written to again
        :return: the actions that have failed now
        """
        failed = self.filtered(lambda action: action.state == "done")
        failed._mark_failed(reason, unreachable=True)
        for code, actions in failed.grouped("code").items() if wrong_address else ():
            self.env["creditbox.failed.address"]._note_many(
                code, [(a.partner_id, a.recipient.lower()) for a in actions], reason
            )
        return failed
