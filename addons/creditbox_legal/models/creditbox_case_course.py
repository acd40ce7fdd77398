from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from .creditbox_case import OPEN_STATES, PROVIDER_OF

ONE_BY_ONE = 20  # messages that a lawyer or an agency gets at once


class CreditboxCase(models.Model):
    """The course of a case: assigned, accepted or refused, closed, recalled."""

    _inherit = "creditbox.case"

    def _check_state(self, *states):
        self._lock()
        for case in self.filtered(lambda case: case.state not in states):
            raise UserError(
                self.env._(
                    "%(case)s is «%(state)s»: this cannot be done any more.",
                    case=case.name,
                    state=dict(case._fields["state"]._description_selection(self.env))[
                        case.state
                    ],
                )
            )

    def _enter(self, vals, text=None):
        """Write what becomes of the cases, as the system: nobody has rights on it.

        Beyond a few, changes are not tracked one by one, which asks two queries a case:
        the chatter says the text instead.

        :param text: str; None where whoever calls says it anyway
        """
        if len(self) <= ONE_BY_ONE:
            self.sudo().write(vals)
            return
        self.sudo().with_context(mail_notrack=True).write(vals)
        if text:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def action_assign(self):
        """:return: window that proposes lawyers or agencies for these cases"""
        self._require("creditbox_base.group_supervisor")
        assign = self.env["creditbox.case.assign"].create(
            {"case_ids": self.filtered(lambda case: case.state == "open").ids}
        )
        return assign._window()

    def _assign(self, provider):
        """Hand the cases over to a lawyer or an agency; its contact is told.

        :param provider: creditbox.provider
        """
        self._require("creditbox_base.group_supervisor")
        self._check_state("open")
        if wrong := self.filtered(lambda c: PROVIDER_OF[c.kind] != provider.kind):
            raise UserError(
                self.env._(
                    "%(case)s is not for %(provider)s: one is for agencies, the other"
                    " for lawyers.",
                    case=wrong[0].name,
                    provider=provider.name,
                )
            )
        for company, cases in self.grouped("company_id").items():
            today = company._creditbox_today()
            mandate = provider.sudo().mandate_ids.filtered(
                lambda m: m.company_id == company  # noqa: B023
            )
            recall = mandate.recall_days
            cases._enter(
                {
                    "provider_id": provider.id,
                    "mandate_id": mandate.id,
                    "state": "assigned",
                    "date_assigned": today,
                    "date_recall": recall and today + timedelta(days=recall),
                }
            )
        self._tell(self.env._("Handed over to %s", provider.name))

    def action_accept(self):
        """The lawyer or the agency has accepted."""
        self._require("creditbox_base.group_operator")
        self._check_state("assigned")
        for company, cases in self.grouped("company_id").items():
            cases._enter(
                {"state": "accepted", "date_accepted": company._creditbox_today()},
                self.env._("Accepted"),
            )

    def action_refuse(self):
        """The lawyer or the agency does not want them: somebody else is chosen."""
        self._refuse()

    def _refuse(self, reason=None):
        """
        :param reason: str, of the lawyer or the agency
        """
        self._require("creditbox_base.group_operator")
        self._check_state("assigned")
        for provider, cases in self.grouped("provider_id").items():
            text = self.env._("Refused by %s", provider.name)
            cases._tell(f"{text}: {reason}" if reason else text)
        self._enter(
            {
                "state": "open",
                "provider_id": False,
                "mandate_id": False,
                "date_assigned": False,
                "date_recall": False,
            }
        )

    def action_close(self):
        """:return: window that asks for the outcome"""
        self._require("creditbox_base.group_supervisor")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close"),
            "res_model": "creditbox.case.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def _close(self, outcome, reason=None):
        """End the cases; their bills go on in the action table.

        What was done counts as a step from today on; a cancelled case counts as never
        begun.

        :param outcome: key of the field
        :param reason: str for the chatter
        """
        cases = self.filtered(lambda case: case.state in OPEN_STATES)
        cases._release()
        for company, group in cases.grouped("company_id").items():
            today = company._creditbox_today()
            actions = group.sudo().action_ids  # whoever closes
            if outcome == "cancelled":
                actions.filtered(
                    lambda a: a.state in ("done", "delivered")
                )._mark_failed(reason or self.env._("Case cancelled"))
            else:
                actions._mark_delivered(today)
            group._enter(
                {"state": "closed", "outcome": outcome, "date_closed": today},
                None if reason else self.env._("Closed"),
            )
        cases.sudo().term_ids._drop()
        cases.sudo().activity_line_ids._drop()
        if reason:
            cases._tell_closed(outcome, reason)

    def _tell_closed(self, outcome, reason):
        """Whoever has the cases is told that they are over.

        Of what was paid the e-mail of the payment tells: once is enough.
        """
        if outcome == "paid":
            self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))
        else:
            self._tell(reason)

    @api.model
    def _cron_recall(self):
        """Call back what a lawyer or an agency has had for too long."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            late = self.search(self._late_domain(company))
            late._close("recalled", self.env._("Recalled: the agreed time is over"))

    @api.model
    def _late_domain(self, company):
        """:return: list, domain of what is called back today"""
        return [
            ("company_id", "=", company.id),
            ("state", "in", ("assigned", "accepted")),
            ("date_recall", "<=", company._creditbox_today()),
        ]

    def _tell(self, body):
        """Say it on the cases, and to the contact of their lawyer or agency.

        Of many cases at once by one e-mail that lists them.
        """
        for provider, cases in self.grouped("provider_id").items():
            contact = provider.sudo().partner_id  # of whoever has the case
            if contact and len(cases) <= ONE_BY_ONE:
                cases._post_to(contact, body)
                continue
            cases._message_log_batch(bodies=dict.fromkeys(cases.ids, body))
            for company, group in cases.grouped("company_id").items():
                writer = provider._for_contact(company)
                writer._write_to(
                    company,
                    f"{company.name}: {body}",
                    "creditbox_legal.mail_cases",
                    cases=group.with_env(writer.env),
                    body=body,
                )

    def _post_to(self, contact, body):
        for case in self:
            case.sudo().message_post(  # also for whoever only posts a payment
                body=body,
                partner_ids=contact.ids,
                subtype_xmlid="mail.mt_comment",
            )
