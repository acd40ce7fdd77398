from odoo import models
from odoo.exceptions import UserError

from odoo.addons.creditbox_dunning.tools.formatter import Formatter
from odoo.addons.creditbox_dunning.tools.grid_sheet import (
    Column,
    Grid,
    GridSheet,
    to_pdf,
    to_xlsx,
)
from odoo.addons.creditbox_dunning.tools.letter import (
    Bill,
    Letter,
    LetterWriter,
    Sender,
    Table,
)
from odoo.addons.creditbox_dunning.tools.letter_fonts import letter_fonts
from odoo.addons.creditbox_dunning.tools.letter_text import Block

REGULAR, BOLD = 0, 1


class CreditboxCession(models.Model):
    """The list of the bills, for the deed; the notices to the debtors."""

    _inherit = "creditbox.cession"

    def action_list_pdf(self):
        """:return: action that downloads the list of the bills as PDF"""
        return self._download("pdf", lambda cession: to_pdf(cession._sheet()))

    def action_list_xlsx(self):
        """:return: action that downloads the list of the bills as workbook"""
        return self._download("xlsx", lambda cession: to_xlsx(cession._sheet()))

    def action_notices(self):
        """One letter a customer: whom the debt must be paid to from now on.

        Source: c.c. art. 1264. In the customer's language; the day is noted.

        :return: action that downloads them as one PDF
        """
        self._require("creditbox_base.group_supervisor")
        self._check_state("assigned")
        action = self._download(
            "pdf", lambda cession: cession._notices(), self.env._("notices")
        )
        if not self.date_notice:
            self.sudo().date_notice = self.company_id._creditbox_today()
            self.sudo()._log_on_customers(
                self.line_ids.filtered(lambda line: line.state == "assigned"),
                lambda amount: self.env._(
                    "Notice of the assignment %(name)s printed: %(amount)s",
                    name=self.name,
                    amount=amount,
                ),
            )
        return action

    def _download(self, kind, make, what=None):
        """Keep a file on the assignment, the last one of its name.

        :param make: function of the assignment, the bytes
        :return: action that downloads it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.line_ids:
            raise UserError(self.env._("No bill has been chosen."))
        stem = " ".join(filter(None, (self.name.replace("/", "-"), what)))
        name = f"{stem}.{kind}"
        # made for whoever may read the assignment; its rights are the assignment's
        attachments = self.env["ir.attachment"].sudo()
        known = attachments.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("name", "=", name),
            ],
            limit=1,
        )
        content = make(self.sudo())  # names of entries, whoever prints
        if known:
            known.raw = content
        else:
            known = attachments.create(
                {
                    "name": name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "raw": content,
                }
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{known.id}?download=true",
            "target": "self",
        }

    # ------------------------------------------------------------------
    # the list
    # ------------------------------------------------------------------
    def _sheet(self):
        """:return: tools.grid_sheet.GridSheet in the user's language"""
        write = Formatter(self.env, self.env.lang, self.currency_id)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        lines = self.line_ids.filtered(lambda line: line.state != "returned")
        amount, price = sum(lines.mapped("amount")), sum(lines.mapped("price"))
        columns = (
            Column(self.env._("Customer"), share=26),
            Column(self.env._("Tax code"), share=17),
            Column(self.env._("Address"), share=34),
            Column(self.env._("Supply"), share=16),
            Column(self.env._("Bill"), share=16),
            Column(self.env._("Date"), "date", 11),
            Column(self.env._("Due on"), "date", 11),
            Column(self.env._("Nominal"), "money", 13),
            Column(self.env._("Price"), "money", 13),
        )
        return GridSheet(
            title=self.env._("Assignment of credit %s", self.name),
            sender=self.company_id.name,
            facts=(
                (self.env._("Assignee"), self.partner_id.name or ""),
                (self.env._("Kind"), kinds[self.kind]),
                (self.env._("Date of the deed"), write.date(self.date_deed)),
                (self.env._("Customers"), str(len(lines.partner_id))),
                (self.env._("Bills"), str(len(lines))),
                (self.env._("Nominal"), write.money(amount)),
                (self.env._("Price"), write.money(self.price)),
            ),
            grids=(
                Grid(
                    self.env._("Assigned bills"),
                    columns,
                    [self._list_row(line) for line in lines],
                    (*[None] * 7, amount, price),
                ),
            ),
            labels={
                "total": self.env._("Total"),
                "page": self.env["creditbox.debt.file.content"]._page_label(),
                "summary": self.env._("Summary"),
            },
            date=write.date,
            money=write.money,
            decimals=self.currency_id.decimal_places,
        )

    def _list_row(self, line):
        partner, move = line.partner_id, line.move_id
        return (
            partner.name,
            partner.creditbox_fiscal_code or partner.vat,
            ", ".join(self.env["creditbox.channel.letter"]._lines(partner)[1:]),
            line.supply_id.code,
            move.creditbox_ref or move.name,
            move.invoice_date or move.date,
            line.date_due,
            line.amount,
            line.price,
        )

    # ------------------------------------------------------------------
    # the notices
    # ------------------------------------------------------------------
    def _notices(self):
        """:return: bytes, all letters in one PDF, in the order of the post"""
        writer = LetterWriter(
            letter_fonts(), title=self.display_name, author=self.company_id.name
        )
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        fallback = self.company_id.partner_id.lang
        lines = self.line_ids.filtered(lambda line: line.state == "assigned")
        customers = lines.grouped("partner_id")
        for partner in sorted(
            customers, key=lambda p: (p.zip or "", p.city or "", p.name or "")
        ):
            lang = partner.lang if partner.lang in installed else fallback
            cession = self.with_context(lang=lang)
            own = customers[partner].with_context(lang=lang)
            writer.add(cession._letterhead(), cession._notice(own, lang))
        return writer.close()

    def _letterhead(self):
        """:return: tools.letter.Sender in the language of the environment"""
        company = self.company_id
        values = self.env["creditbox.communication"]._company_values(company)
        vat = values["company_vat"]
        contacts = filter(None, (values["company_phone"], values["company_email"]))
        lines = (
            values["company_address"],
            self.env._("VAT no. %s", vat) if vat else "",
            " – ".join(contacts),
        )
        return Sender(
            name=company.name,
            lines=tuple(filter(None, lines)),
            footer=company.creditbox_letter_footer or company.name,
            logo=self.env["creditbox.channel.letter"]._logo(company),
            page_label=self.env["creditbox.debt.file.content"]._page_label(),
        )

    def _notice(self, lines, lang):
        """:return: tools.letter.Letter to the customer of these lines"""
        company, partner = self.company_id, lines.partner_id
        write = Formatter(self.env, lang, self.currency_id)
        today = write.long_date(company._creditbox_today())
        references = (
            (self.env._("Customer code"), partner.creditbox_code),
            (self.env._("Reference"), self.name),
        )
        blocks = [Block("text", ((REGULAR, text),)) for text in self._words(write)]
        blocks.insert(1, Block("bills"))
        if self.instructions:
            blocks.append(Block("text", ((BOLD, self.instructions),)))
        return Letter(
            address=self.env["creditbox.channel.letter"]._lines(partner)
            or (partner.name,),
            date=", ".join(filter(None, (company.city, today))),
            subject=self.env._("Notice of assignment of credit"),
            references=tuple(row for row in references if row[1]),
            blocks=tuple(blocks),
            tables={"bills": self._notice_table(lines, write)},
        )

    def _words(self, write):
        """:return: list of str, the paragraphs"""
        assignee = self.partner_id
        where = ", ".join(self.env["creditbox.channel.letter"]._lines(assignee)[1:])
        name = f"{assignee.name} ({where})" if where else assignee.name
        deed = write.date(self.date_deed or self.date_assigned)
        return [
            self.env._(
                "We inform you, under articles 1260 and 1264 of the civil code, that "
                "on %(day)s we have assigned to %(assignee)s what you owe us for these "
                "bills:",
                day=deed,
                assignee=name,
            ),
            self.env._(
                "From the receipt of this letter on, only a payment to %s frees you "
                "from this debt. Your supply contract with us, and the bills that are "
                "not listed here, do not change.",
                assignee.name,
            ),
        ]

    def _notice_table(self, lines, write):
        return Table(
            labels=self.env["creditbox.communication"]._labels(),
            bills=tuple(
                Bill(
                    number=line.move_id.creditbox_ref or line.move_id.name,
                    date=write.date(line.move_id.invoice_date or line.move_id.date),
                    due=write.date(line.date_due),
                    amount=write.money(line.move_id.amount_total),
                    open_amount=write.money(line.amount),
                )
                for line in lines
            ),
            total=write.money(sum(lines.mapped("amount"))),
        )
