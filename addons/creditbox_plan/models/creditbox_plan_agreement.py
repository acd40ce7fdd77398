import base64

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.creditbox_dunning.tools.formatter import Formatter
from odoo.addons.creditbox_dunning.tools.statement import pagopa_qr

from ..tools.agreement_sheet import Agreement, Part, to_pdf

MAX_SIGNED = 5 * 1024 * 1024
# what a signed copy may be, by its first bytes
SIGNED_KINDS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")


class CreditboxPlan(models.Model):
    """The agreement on paper, in the customer's language."""

    _inherit = "creditbox.plan"

    @api.constrains("signed_file")
    def _check_signed_file(self):
        for plan in self.filtered("signed_file"):
            content = base64.b64decode(plan.with_context(bin_size=False).signed_file)
            if len(content) > MAX_SIGNED:
                raise ValidationError(
                    self.env._("The signed agreement is too large: at most 5 MB.")
                )
            if not content.startswith(SIGNED_KINDS):
                raise ValidationError(
                    self.env._("The signed agreement must be a PDF, JPG or PNG file.")
                )

    def action_print(self):
        """:return: action that opens the agreement as PDF"""
        self.check_access("read")
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There are no instalments yet."))
        attachment = self._agreement_attachment()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _agreement_attachment(self):
        """:return: ir.attachment of the plan with the agreement as it is now"""
        name, content = self._agreement_file()
        # made for whoever may read the plan; its rights are the plan's
        attachments = self.env["ir.attachment"].sudo()
        known = attachments.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("name", "=", name),
            ],
            limit=1,
        )
        values = {"raw": content, "mimetype": "application/pdf"}
        if known:
            known.write(values)
            return known
        return attachments.create(
            {"name": name, "res_model": self._name, "res_id": self.id, **values}
        )

    def _agreement_file(self):
        """:return: (name of the file, bytes of the PDF)"""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.partner_id.lang, self.company_id.partner_id.lang, "en_US")
        lang = next(code for code in wanted if code in installed)
        plan = self.sudo().with_context(lang=lang)  # names, for whoever may read it
        sheet = plan._agreement(Formatter(plan.env, lang, plan.currency_id))
        return f"{plan.name.replace('/', '-')}.pdf", to_pdf(sheet)

    def _agreement(self, formatter):
        """:return: agreement_sheet.Agreement in the language of the environment"""
        date, money = formatter.date, formatter.money
        values = self.env["creditbox.communication"]._company_values(self.company_id)
        return Agreement(
            title=self.env._("Repayment plan %s", self.name),
            sender=self.company_id.name,
            sender_lines=tuple(
                filter(
                    None,
                    (
                        values["company_address"],
                        values["company_vat"]
                        and self.env._("VAT no. %s", values["company_vat"]),
                        " – ".join(
                            filter(
                                None, (values["company_phone"], values["company_email"])
                            )
                        ),
                    ),
                )
            ),
            facts=self._agreement_facts(date, money),
            bills=tuple(
                (
                    bill.move_id.creditbox_ref or bill.move_id.name,
                    date(bill.date_due),
                    money(bill.amount),
                )
                for bill in self.bill_ids
            ),
            parts=tuple(
                Part(
                    number=str(line.number),
                    due=date(line.date_due),
                    capital=money(line.capital),
                    interest=money(line.interest),
                    amount=money(line.amount),
                    code=line.payment_code or "",
                    qr=self._agreement_qr(line),
                )
                for line in self.line_ids
            ),
            totals=(
                money(self.amount),
                money(self.amount_interest),
                money(self.amount_total),
            ),
            clauses=self._clauses(date),
            labels=self._agreement_labels(),
        )

    def _agreement_facts(self, date, money):
        partner, supply = self.partner_id, self.supply_id
        communication = self.env["creditbox.communication"]
        facts = [
            (self.env._("Customer"), partner.name),
            (self.env._("Customer code"), partner.creditbox_code),
            (
                self.env._("Fiscal code"),
                partner.creditbox_fiscal_code or partner.vat,
            ),
            (self.env._("Supply"), supply and supply.code),
            (self.env._("Address"), supply and communication._supply_address(supply)),
            (self.env._("Service"), supply.service_type_id.name),
            (self.env._("Asked on"), date(self.date_request)),
            (self.env._("To be accepted by"), date(self.date_expiry)),
        ]
        if self.guarantee != "none":
            kinds = dict(self._fields["guarantee"]._description_selection(self.env))
            note = ", ".join(filter(None, (kinds[self.guarantee], self.guarantee_note)))
            facts.append((self.env._("Guarantee"), note))
        return tuple((label, value) for label, value in facts if value)

    def _agreement_qr(self, line):
        """As on letters: the pagoPA notice, else the bare code."""
        company = self.company_id
        if not line.payment_code or company.creditbox_payment_qr == "none":
            return ""
        if company.creditbox_payment_qr == "pagopa":
            creditor = (company.vat or "").removeprefix("IT")
            if qr := pagopa_qr(line.payment_code, creditor, line.amount):
                return qr
        return line.payment_code

    def _clauses(self, date):
        company = self.company_id
        clauses = [
            self.env._(
                "The customer acknowledges the debt listed above (art. 2944 of the "
                "civil code) and undertakes to pay it in the instalments below, each "
                "by its due date, quoting its payment code."
            ),
            self.env._(
                "As long as the instalments are paid, the company asks for nothing "
                "else on these bills and the supply is neither limited nor suspended "
                "for them. Bills that fall due later are paid as usual."
            ),
            self.env._(
                "With %(number)s instalments unpaid more than %(days)s days after "
                "their due dates the customer loses the benefit of the term (art. 1186 "
                "of the civil code): the debt that is left is due at once, and the "
                "procedure goes on from where it stood, with late interest from the "
                "original due dates.",
                number=company.creditbox_plan_late_max,
                days=company.creditbox_plan_tolerance_days,
            ),
            self.env._(
                "What is left may be paid at once at any time, without interest for "
                "the time to come."
            ),
        ]
        if self.interest_rate:
            clauses.append(
                self.env._(
                    "Interest is simple, at %s%% a year on the capital that is left.",
                    f"{self.interest_rate:g}",
                )
            )
        if self.date_expiry:
            clauses.append(
                self.env._(
                    "The plan holds once this agreement is signed, or the first "
                    "instalment is paid, by %s.",
                    date(self.date_expiry),
                )
            )
        return tuple(clauses)

    def _agreement_labels(self):
        return {
            "bills": self.env._("Bills"),
            "bill": self.env._("Bill"),
            "due": self.env._("Due on"),
            "open": self.env._("Open"),
            "parts": self.env._("Instalments"),
            "number": self.env._("No."),
            "capital": self.env._("Capital"),
            "interest": self.env._("Interest"),
            "amount": self.env._("To pay"),
            "code": self.env._("Payment code"),
            "total": self.env._("Total"),
            "clauses": self.env._("What is agreed"),
            "place": self.env._("Place and date"),
            "customer": self.env._("The customer"),
            "company": self.env._("The company"),
            "codes": self.env._("Codes of the instalments"),
            # the sheet fills these two in itself
            "page": self.env._(
                "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
            ),
        }
