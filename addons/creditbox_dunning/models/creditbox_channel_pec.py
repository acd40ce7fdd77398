from odoo import api, models
from odoo.tools.mail import email_normalize


class CreditboxChannelPec(models.AbstractModel):
    """Certified e-mail: sent from the company's own certified mailbox.

    The provider's receipts come back into that mailbox (creditbox.pec.message): done
    is what has been handed over, delivered what the receipt of delivery proves.
    """

    _name = "creditbox.channel.pec"
    _inherit = "creditbox.channel.email"
    _description = "PEC Channel"

    @api.model
    def _is_available(self, company):
        return bool(self.env["creditbox.provider"]._pec_mailbox(company))

    @api.model
    def _dispatch(self, actions):
        """Compose and queue one PEC for each action of a company with a mailbox."""
        mailboxes = {
            company.id: self.env["creditbox.provider"]._pec_mailbox(company).id
            for company in actions.company_id
        }
        available = actions.filtered(lambda action: mailboxes[action.company_id.id])
        (actions - available)._hold_back("no_channel")
        channel = self.with_context(creditbox_pec_mailboxes=mailboxes)
        return super(CreditboxChannelPec, channel)._dispatch(available)

    @api.model
    def _addresses(self, partner):
        address = email_normalize(partner.creditbox_pec)
        return [address] if address else []

    @api.model
    def _address(self, partner):
        """:return: the bare address: receipts name nothing else"""
        usable = self.env["creditbox.failed.address"]._usable(
            partner, "pec", self._addresses(partner)
        )
        return ", ".join(usable)

    @api.model
    def _refusal(self, partner):
        return False  # nobody can refuse a legal act

    def _mail_values(self, communication, layouts):
        mailbox = self._mailbox(communication.case.company)
        return super()._mail_values(communication, layouts) | {
            "mail_server_id": mailbox.pec_server_id.id,
            "headers": repr(mailbox._pec_headers()),
        }

    def _sender_values(self, company):
        """The certified address alone: no alias, no other sender is accepted."""
        address = self._mailbox(company).pec_address
        return super()._sender_values(company) | {
            "email_from": address,
            "reply_to": address,
            "record_alias_domain_id": False,
        }

    def _mark_sending(self, mails):
        res = super()._mark_sending(mails)
        self._note(
            {"provider_id": "int"},
            [
                (action.id, self._mailbox(action.company_id).id)
                for action in mails._creditbox_actions()
            ],
        )
        return res

    def _mailbox(self, company):
        # whoever hands over need not see the mailbox's settings
        providers = self.env["creditbox.provider"].sudo()
        known = self.env.context.get("creditbox_pec_mailboxes", {})
        if company.id in known:
            return providers.browse(known[company.id])
        return providers._pec_mailbox(company)
