"""Instalments are announced before they are due, and reminded of when they are late."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.creditbox_dunning.tools.formatter import Formatter

from .creditbox_plan import LIVE

BATCH = 200


class CreditboxPlanLine(models.Model):
    _inherit = "creditbox.plan.line"

    @api.model
    def _cron_remind(self):
        """Every morning. Message and mark in one transaction: none goes twice."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            while lines := self._to_remind(company, BATCH):
                lines._remind()
                self.env["ir.cron"]._commit_progress(0)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _to_remind(self, company, limit=None):
        """:return: instalments to be announced, or reminded of, today"""
        if not company._creditbox_green():
            return self  # who has paid may not be known
        today = company._creditbox_today()
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("plan_id.state", "in", LIVE)
            & Domain("state", "in", ("open", "late"))
        )
        when = Domain.FALSE
        if days := company.creditbox_plan_remind_before:
            when |= (
                Domain("date_due", ">=", today)
                & Domain("date_due", "<=", today + timedelta(days=days))
                & Domain("reminded_before", "=", False)
            )
        if days := company.creditbox_plan_remind_after:
            when |= Domain("date_due", "<=", today - timedelta(days=days)) & Domain(
                "reminded_after", "=", False
            )
        return self.search(domain & when, limit=limit, order="id")

    def _remind(self):
        """Write to the customers: by e-mail, else by SMS; else somebody calls."""
        email, sms = (self.env[f"creditbox.channel.{x}"] for x in ("email", "sms"))
        for line in self.sudo().try_lock_for_update():  # only the system notes it
            today = line.company_id._creditbox_today()
            late = line.date_due < today
            partner = line.partner_id
            if email._address(partner):
                line._remind_by_email(email, late)
            elif number := sms._address(partner):
                line._remind_by_sms(number, late)
            else:
                line._remind_by_nobody(late)
            line.write({"reminded_after" if late else "reminded_before": today})
            if late and not line.reminded_before:
                line.reminded_before = today

    def _spoken(self):
        """:return: (the line in the customer's language, its Formatter)"""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.partner_id.lang, self.company_id.partner_id.lang, "en_US")
        lang = next(code for code in wanted if code in installed)
        line = self.with_context(lang=lang)
        return line, Formatter(line.env, lang, line.currency_id)

    def _reminder_text(self, late):
        """:return: (subject, text) in the customer's language"""
        line, formatter = self._spoken()
        values = {
            "plan": line.plan_id.name,
            "number": line.number,
            "count": len(line.plan_id.line_ids),
            "amount": formatter.money(line.amount - line.amount_paid),
            "day": formatter.date(line.date_due),
            "code": line.payment_code,
            "company": line.company_id.name,
        }
        if late:
            return (
                line.env._("Instalment overdue since %s", values["day"]),
                line.env._(
                    "%(company)s: instalment %(number)s of %(count)s of your plan "
                    "%(plan)s, %(amount)s, was due on %(day)s. Please pay it with the "
                    "code %(code)s, so that the plan goes on. Already paid? Ignore "
                    "this.",
                    **values,
                ),
            )
        return (
            line.env._("Instalment due on %s", values["day"]),
            line.env._(
                "%(company)s: instalment %(number)s of %(count)s of your plan "
                "%(plan)s, %(amount)s, is due on %(day)s. Payment code: %(code)s",
                **values,
            ),
        )

    def _remind_by_email(self, channel, late):
        subject, text = self._reminder_text(late)
        # the system writes, in the company's name
        self.env["mail.mail"].sudo().create(
            {
                **channel._sender_values(self.company_id),
                "subject": subject,
                "body_html": Markup("<p>%s</p>") % text,
                "email_to": channel._address(self.partner_id),
                "model": "creditbox.plan",
                "res_id": self.plan_id.id,
                "message_type": "email_outgoing",
                "auto_delete": False,
                "is_notification": True,
            }
        )

    def _remind_by_sms(self, number, late):
        _subject, text = self._reminder_text(late)
        self.env["sms.sms"].sudo().create(  # the system writes
            {"number": number, "body": text, "partner_id": self.partner_id.id}
        )
        self.plan_id._message_log(
            body=self.env._("SMS to %(to)s: %(text)s", to=number, text=text)
        )

    def _remind_by_nobody(self, late):
        subject, text = self._reminder_text(late)
        self.plan_id.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=self.company_id._creditbox_today(),
            summary=subject,
            note=text,
            user_id=self.plan_id.user_id.id,
        )
