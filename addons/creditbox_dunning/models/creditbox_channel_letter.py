import base64

from odoo import api, fields, models
from odoo.tools.mail import generate_tracking_message_id

from ..tools.letter import Bill, Group, Letter, LetterWriter, Sender, Table
from ..tools.letter_fonts import letter_fonts
from ..tools.letter_text import parse_blocks
from ..tools.placeholder_names import BLOCK_NAMES
from ..tools.statement import open_amount, pagopa_qr


class CreditboxChannelLetter(models.AbstractModel):
    """Ordinary letters: a lot is one PDF; making it is handing the letters over."""

    _product = "letter"

    _name = "creditbox.channel.letter"
    _inherit = "creditbox.channel"
    _description = "Letter Channel"

    @api.model
    def _dispatch(self, actions):
        """Print one lot for each company and run."""
        addressed = self._with_address(actions)
        addressed._share_messages()
        communications = self._compose(addressed, tables=True)
        groups = {}
        for communication in communications:
            action = self._by_key([communication])
            groups.setdefault((action.company_id, action.run_id), []).append(
                communication
            )
        for (company, run), batch in groups.items():
            batch.sort(key=self._postal_order)
            lot = (
                self.env["creditbox.letter.lot"]
                .sudo()
                ._make(company, run, self._product)
            )
            pages = lot._fill(batch)
            self._hand_over(lot, batch, pages)

    def _postal_order(self, communication):
        partner = communication.case.position.partner_id
        return (partner.zip or "", partner.city or "", partner.street or "")

    def _hand_over(self, lot, communications, pages):
        messages = self._create_messages(lot, communications)
        costs = lot._costs_of({count for _first, count in pages})
        self._note(
            {
                "recipient": "varchar",
                "provider_id": "int",
                "message_id": "int",
                "letter_lot_id": "int",
                "letter_page": "int",
                "letter_page_count": "int",
                "postal_address": "varchar",
                "cost": "numeric",
            },
            [
                (
                    part.key,
                    ", ".join(self._lines(communication.case.position.partner_id)),
                    lot.provider_id.id or None,
                    message.id,
                    lot.id,
                    *place,
                    self._postal_key(communication.case.position.partner_id),
                    # the one letter is paid for once
                    costs[place[1]] if part is communication.case else 0,
                )
                for communication, message, place in zip(
                    communications, messages, pages, strict=True
                )
                for part in communication.case.parts
            ],
        )
        self._by_key(communications)._mark_done()

    @api.model
    def _addresses(self, partner):
        key = self._postal_key(partner)
        return [key] if self._lines(partner) else []

    @api.model
    def _address(self, partner):
        """:return: lines of the address; empty without one, or when it has failed"""
        usable = self.env["creditbox.failed.address"]._usable(
            partner, "postal", self._addresses(partner)
        )
        return self._lines(partner) if usable else ()

    @api.model
    def _lines(self, partner):
        """:return: lines of the address, empty without street or town"""
        if not (partner.street and partner.city):
            return ()
        country = partner.country_id
        abroad = country and country != self.env.company.country_id
        town = " ".join(
            filter(
                None,
                (
                    partner.zip,
                    partner.city.upper(),
                    partner.state_id.code if not abroad else "",
                ),
            )
        )
        lines = (partner.name, partner.street, partner.street2, town)
        lines += (country.name.upper(),) if abroad else ()
        return tuple(line for line in lines if line)

    @api.model
    def _take_back(self, actions):
        """Take the letters out of the lots that have not been posted.

        A letter about several supplies goes as a whole: what is printed names them all.
        """
        letters = self._recallable(actions).sudo()._joined()
        letters.letter_lot_id._take_out(letters)
        return letters

    @api.model
    def _recallable(self, actions):
        return actions.filtered(lambda a: a.letter_lot_id.state == "ready")

    def _create_messages(self, lot, communications):
        """What was written, on the customers' chatter."""
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        channel = self.env["creditbox.channel.email"]
        values = []
        for communication in communications:
            company = communication.case.company
            values.append(
                {
                    "subject": self._subject(lot, communication),
                    "message_type": "notification",
                    "subtype_id": subtype,
                    "author_id": company.partner_id.id,
                    "email_from": company.email_formatted,
                    "reply_to": company.email_formatted,
                    "record_company_id": company.id,
                    "date": fields.Datetime.now(),
                    "message_id": generate_tracking_message_id("creditbox-letter"),
                }
            )
        messages = self.env["mail.message"].sudo().create(values)
        late = [
            {
                "model": "res.partner",
                "res_id": communication.case.position.partner_id.id,
                "body": communication.html(),
            }
            for communication in communications
        ]
        channel._write_messages(messages, late)
        return messages

    def _subject(self, lot, communication):
        return self.env._(
            "Letter (lot %(lot)s): %(subject)s",
            lot=lot.name,
            subject=communication.subject(),
        )

    # ------------------------------------------------------------------
    # printing
    # ------------------------------------------------------------------
    @api.model
    def _print(self, communications, title=""):
        """Draw the letters of ``communications`` into one PDF.

        :return: (bytes of the PDF, [(first page, number of pages) of each])
        """
        writer = LetterWriter(letter_fonts(), title=title)
        senders, blocks, labels, pages = {}, {}, {}, []
        for communication in communications:
            case, lang = communication.case, communication.lang
            printer = self.with_context(lang=lang)
            key = (case.company, lang)
            if key not in senders:
                senders[key] = printer._sender(communication)
                labels[lang] = printer._labels()
            text = (case.template, lang)
            if text not in blocks:
                body = case.template.with_context(lang=lang).body
                blocks[text] = parse_blocks(body, BLOCK_NAMES)
            letter = printer._letter(communication, blocks[text], labels[lang])
            pages.append(writer.add(senders[key], letter))
        return writer.close(), pages

    def _sender(self, communication):
        """The letterhead of a company, in the language of the environment."""
        company, values = communication.case.company, communication.values
        contacts = (values["company_phone"], values["company_email"])
        vat = values["company_vat"]
        lines = (
            values["company_address"],
            self.env._("VAT no. %s", vat) if vat else "",
            " – ".join(filter(None, contacts)),
            values["company_website"],
        )
        return Sender(
            name=company.name,
            lines=tuple(filter(None, lines)),
            footer=company.creditbox_letter_footer or company.name,
            logo=self._logo(company),
            page_label=self.env._("Page %(page)s of %(pages)s"),
        )

    def _logo(self, company):
        """:return: bytes of the image, none while the company has Odoo's «Your logo»"""
        if company.uses_default_logo:
            return b""
        return base64.b64decode(company.with_context(bin_size=False).logo or b"")

    def _labels(self):
        return self.env["creditbox.communication"]._labels() | {
            "customer": self.env._("Customer code"),
            "supply": self.env._("Supply"),
            "reference": self.env._("Reference"),
        }

    def _letter(self, communication, blocks, labels):
        case, values = communication.case, communication.values
        references = (
            (labels["customer"], values["customer_code"]),
            (labels["supply"], self._supply_reference(case, values)),
            (labels["reference"], values["reference"]),
        )
        today = communication.formatter.long_date(communication.today)
        place = case.company.city
        return Letter(
            address=self._lines(case.position.partner_id),
            service=self._service(),
            date=f"{place}, {today}" if place else today,
            subject=communication.subject(),
            references=tuple(row for row in references if row[1]),
            blocks=tuple(
                block if block.fixed else block.fill(values) for block in blocks
            ),
            tables=self._tables(communication, labels),
        )

    def _supply_reference(self, case, values):
        """:return: str beside the address, where there is no room for many codes"""
        if not case.joined:
            return values["supply"]
        return self.env._("%s supplies, listed below", len(case.parts))

    def _service(self):
        """:return: what stands above the address, in the language of the environment"""
        return ""

    def _tables(self, communication, labels):
        statement = communication.statement
        money = communication.formatter.money
        tables = {
            "bills": Table(
                labels,
                self._bills(communication, statement.bills),
                money(statement.amount),
                groups=self._groups(communication, "bills"),
            ),
            "other_bills": Table(
                labels,
                self._bills(communication, statement.others),
                money(statement.amount_other),
                labels["others"],
                groups=self._groups(communication, "others"),
            ),
        }
        if statement.surcharge is not None:
            tables["bills_interest"] = Table(
                labels,
                tables["bills"].bills,
                money(statement.with_interest(statement.bills)),
                groups=self._groups(communication, "bills", statement.with_interest),
                interest=True,
            )
        return tables

    def _groups(self, communication, kind, amount_of=open_amount):
        """:return: tuple of Group, one a supply, none where it is about one supply"""
        if not communication.headings:
            return ()
        money = communication.formatter.money
        return tuple(
            Group(heading, len(debts), money(amount_of(debts)))
            for heading, debts in communication.statement.groups(
                kind, communication.headings
            )
        )

    def _bills(self, communication, debts):
        date, money = communication.formatter.date, communication.formatter.money
        company, statement = communication.case.company, communication.statement
        return tuple(
            Bill(
                number=debt.number,
                date=date(debt.date),
                due=date(debt.due),
                amount=money(debt.amount),
                open_amount=money(debt.open_amount),
                payment_code=debt.payment_code,
                qr=self._qr(company, debt),
                interest=money(statement.interest.get(debt.line_id, 0.0)),
                with_interest=money(statement.with_interest([debt])),
            )
            for debt in debts
        )

    def _qr(self, company, debt):
        """Content of the QR code: the pagoPA notice, else the bare code."""
        if not debt.payment_code or company.creditbox_payment_qr == "none":
            return ""
        if company.creditbox_payment_qr == "pagopa":
            creditor = (company.vat or "").removeprefix("IT")
            qr = pagopa_qr(debt.payment_code, creditor, debt.open_amount)
            if qr:
                return qr
        return debt.payment_code
