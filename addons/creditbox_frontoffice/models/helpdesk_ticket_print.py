from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_datetime, html2plaintext

from ..tools.office_sheet import Sheet, to_pdf


class HelpdeskTicket(models.Model):
    """Papers of a request, in the customer's language."""

    _inherit = "helpdesk.ticket"

    def _in_customer_language(self):
        """:return: the request as the system sees it, in the customer's language"""
        self.ensure_one()
        self.check_access("read")
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.partner_id.lang, self.company_id.partner_id.lang, "en_US")
        lang = next(code for code in wanted if code in installed)
        # names of records, for whoever may read the request
        return self.sudo().with_context(lang=lang)

    def _sheet(self, title, **values):
        """:return: office_sheet.Sheet with what all papers share"""
        company = self.company_id
        partner = company.partner_id
        address = ", ".join(
            filter(
                None,
                (partner.street, " ".join(filter(None, (partner.zip, partner.city)))),
            )
        )
        contacts = " – ".join(filter(None, (company.phone, company.email)))
        return Sheet(
            title=title,
            sender=company.name,
            sender_lines=tuple(filter(None, (address, company.vat, contacts))),
            page_label=self.env._(
                "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
            ),
            **values,
        )

    def _address_lines(self):
        """:return: tuple of str, where letters to the customer go"""
        partner = self.partner_id
        place = " ".join(
            filter(None, (partner.zip, partner.city, partner.state_id.code))
        )
        return tuple(filter(None, (partner.name, partner.street, place)))

    def _facts(self):
        """:return: what every paper says of the request"""
        supply = self.creditbox_supply_id
        received = format_datetime(
            self.env, self.date_received, str(self.company_id._creditbox_zone())
        )
        facts = (
            (self.env._("Request"), self.creditbox_code),
            (self.env._("Received on"), received),
            (self.env._("Customer code"), self.partner_id.creditbox_code),
            (self.env._("Supply"), supply.name or self.creditbox_place),
            (self.env._("Service"), self.creditbox_service_type_id.name),
        )
        return tuple((label, value) for label, value in facts if value)

    def _keep_pdf(self, name, content):
        """File a PDF with the request; a second one of the name takes its place.

        :return: ir.attachment
        """
        # whoever may read the request reads its papers
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

    def _download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------------
    # receipt of the request
    # ------------------------------------------------------------------
    def action_print_receipt(self):
        """:return: action that opens the receipt given to the customer"""
        return self._download(self._receipt())

    def _receipt(self):
        ticket = self._in_customer_language()
        missing = ticket.creditbox_document_ids.filtered(
            lambda d: d.required and not d.received
        )
        texts = [(ticket.env._("What is asked for"), ticket._asked())]
        if missing:
            texts.append(
                (
                    ticket.env._("Still to be handed in"),
                    "\n".join(missing.mapped("type_id.name")),
                )
            )
        sheet = ticket._sheet(
            ticket.creditbox_procedure_id.name,
            recipient=ticket._address_lines(),
            facts=ticket._facts(),
            texts=tuple(texts),
            notes=(
                ticket.env._("Quote the number of the request whenever you ask us."),
            ),
            signatures=(
                ticket.env._("Date"),
                ticket.env._("The customer"),
                ticket.env._("The company"),
            ),
        )
        return self._keep_pdf(f"{self.creditbox_code}.pdf", to_pdf(sheet))

    def _asked(self):
        """:return: str, the data of the request, one a line"""
        lines = []
        for line in self.creditbox_procedure_id.data_ids:
            if line.field_name in ("partner_id", "creditbox_supply_id"):
                continue
            if value := self._as_text(line.field_name):
                lines.append(f"{line.display_name}: {value}")
        return "\n".join(lines) or self.creditbox_procedure_id.name

    def _as_text(self, name):
        value, field = self[name], self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "monetary":
            return format_amount(self.env, value, self.currency_id) if value else ""
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        if field.type == "html":
            return html2plaintext(value or "").strip()
        if field.type == "one2many":
            return "; ".join(f"{c.display_name}: {c.new_value}" for c in value)
        if field.relational:
            return value.display_name or ""
        return str(value or "")

    # ------------------------------------------------------------------
    # copy of a bill
    # ------------------------------------------------------------------
    def _effect_reprint(self, day):
        """The bill's own PDF, where CreditBox has it, and a slip to pay it with."""
        bill = self.creditbox_move_id
        file = bill.invoice_pdf_report_id or bill.message_main_attachment_id
        if file.mimetype == "application/pdf":
            self._keep_pdf(file.name, file.raw)
        else:
            self._message_log(
                body=self.env._(
                    "There is no PDF of bill %s: only the payment slip was made.",
                    bill.creditbox_ref or bill.name,
                )
            )
        self._payment_slip()

    def _payment_slip(self):
        """:return: ir.attachment with the slip of what is still open of the bill"""
        ticket = self._in_customer_language()
        bill = ticket.creditbox_move_id
        number = bill.creditbox_ref or bill.name
        bank = bill.partner_bank_id or ticket.company_id.partner_id.bank_ids[:1]
        facts = (
            (ticket.env._("Bill"), number),
            (ticket.env._("Due on"), format_date(ticket.env, bill.invoice_date_due)),
            (
                ticket.env._("To pay"),
                format_amount(ticket.env, bill.amount_residual, bill.currency_id),
            ),
            (ticket.env._("In favour of"), ticket.company_id.name),
            (ticket.env._("Account"), bank.acc_number),
            (ticket.env._("Payment reference"), bill.payment_reference or number),
        )
        sheet = ticket._sheet(
            ticket.env._("Payment slip"),
            recipient=ticket._address_lines(),
            facts=(
                *ticket._facts(),
                *((label, value) for label, value in facts if value),
            ),
        )
        name = ticket.env._("Payment slip %s.pdf", str(number).replace("/", "-"))
        return self._keep_pdf(name, to_pdf(sheet))

    def action_print_slip(self):
        """:return: action that opens the slip to pay the bill with"""
        self.check_access("read")
        if not self.creditbox_move_id:
            raise UserError(self.env._("Say first which bill."))
        return self._download(self._payment_slip())

    def action_print_payment(self):
        """:return: action that opens the receipt of the counter payment"""
        ticket = self._in_customer_language()
        payment = ticket.creditbox_payment_id
        if not payment:
            raise UserError(self.env._("Nothing has been paid yet."))
        amount = format_amount(ticket.env, payment.amount, payment.currency_id)
        facts = [
            (ticket.env._("Received"), amount),
            (ticket.env._("On"), format_date(ticket.env, payment.date)),
            (ticket.env._("Paid in"), payment.journal_id.name),
        ]
        if bill := ticket.creditbox_move_id:
            facts.append((ticket.env._("Bill"), bill.creditbox_ref or bill.name))
        sheet = ticket._sheet(
            ticket.env._("Receipt of payment"),
            recipient=ticket._address_lines(),
            facts=(*ticket._facts(), *facts),
            signatures=(ticket.env._("The company"),),
        )
        name = ticket.env._("Receipt %s.pdf", self.creditbox_code)
        return self._download(self._keep_pdf(name, to_pdf(sheet)))

    def _today(self):
        """:return: datetime.date where the company is"""
        return self._local_day(fields.Datetime.now())
