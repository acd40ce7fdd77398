import base64
import csv
import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .creditbox_postal_price import PRODUCTS

INDEX_COLUMNS = (
    "lot",
    "letter",
    "file",
    "first_page",
    "pages",
    "name",
    "street",
    "street2",
    "zip",
    "city",
    "province",
    "country",
    "amount",
)


class CreditboxLetterLot(models.Model):
    """Letters printed together: one PDF, and the index for whoever posts them.

    ready → posted, where the office posts them itself; an outsourcer's:
    ready → sending → delivered → accepted → posted, see the delivery.
    """

    _name = "creditbox.letter.lot"
    _description = "Letter Lot"
    _inherit = ["mail.thread", "creditbox.guarded", "creditbox.printed"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    run_id = fields.Many2one("creditbox.run", readonly=True, index="btree_not_null")
    provider_id = fields.Many2one(
        "creditbox.provider",
        string="Printed and posted by",
        domain="[('kind', '=', 'postal'), ('company_id', 'in', [company_id, False])]",
        help="Empty: printed by the office.",
        check_company=True,
    )
    product = fields.Selection(PRODUCTS, required=True, readonly=True, default="letter")
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [
            ("ready", "To print"),
            ("sending", "Being handed over"),
            ("delivered", "Handed over"),
            ("accepted", "Accepted by the outsourcer"),
            ("posted", "Posted"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="ready",
        readonly=True,
        tracking=True,
    )
    date_posted = fields.Date(readonly=True, tracking=True)
    action_ids = fields.One2many("creditbox.action", "letter_lot_id", readonly=True)
    letter_count = fields.Integer(string="Letters", readonly=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(compute="_compute_cost")
    pdf = fields.Binary(string="PDF", readonly=True, attachment=True)
    pdf_name = fields.Char(compute="_compute_file_names")
    index = fields.Binary(readonly=True, attachment=True)
    index_name = fields.Char(compute="_compute_file_names")
    sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)

    @api.depends("name")
    def _compute_file_names(self):
        for lot in self:
            lot.pdf_name = f"{lot._stem()}.pdf"
            lot.index_name = f"{lot._stem()}.csv"

    def _stem(self):
        """:return: str, what the names of the lot's files begin with"""
        return self.name.replace("/", "-")

    def _compute_cost(self):
        costs = dict(
            self.env["creditbox.action"]._read_group(
                [("letter_lot_id", "in", self.ids)], ["letter_lot_id"], ["cost:sum"]
            )
        )
        for lot in self:
            lot.cost = costs.get(lot, 0)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"provider_id"}:
                raise AccessError(self.env._("A lot changes by its buttons only."))
            if set(self.mapped("state")) - {"ready"}:
                raise UserError(self.env._("This lot has been handed over already."))
        return super().write(vals)

    @api.model
    def _make(self, company, run, product="letter"):
        """:param product: code of the letters' channel
        :return: a new empty lot
        """
        provider = self.env["creditbox.provider"].search(
            [("kind", "=", "postal"), ("company_id", "in", [company.id, False])]
        )
        return self.create(
            {
                "name": self.env["ir.sequence"]
                .with_company(company)
                .next_by_code("creditbox.letter.lot"),
                "company_id": company.id,
                "run_id": run.id,
                "product": product,
                "provider_id": provider.sorted(lambda p: not p.company_id)[:1].id,
                "date": company._creditbox_today(),
            }
        )

    def _channel(self):
        """:return: the channel model of the lot's letters"""
        return self.env["creditbox.channel"]._channels()[self.product]

    def _costs_of(self, page_counts):
        """:return: {number of pages: cost of a letter of so many}"""
        provider, product = self.provider_id, self.product
        return {pages: provider._postal_cost(product, pages) for pages in page_counts}

    def _fill(self, communications):
        """Print the letters into the lot.

        :param communications: list of creditbox_communication.Communication
        :return: [(first page, from 1; number of pages) of each]
        """
        self.ensure_one()
        self._name_postage(communications)
        pdf, pages = self._channel()._print(communications, self.name)
        self.write(
            {
                "pdf": base64.b64encode(pdf),
                "sha256": hashlib.sha256(pdf).hexdigest(),
                "letter_count": len(pages),
                "page_count": sum(count for _first, count in pages),
                "index": base64.b64encode(self._index_of(communications, pages)),
            }
        )
        return pages

    def _index_of(self, communications, pages):
        """:return: bytes of the CSV that tells the printer which pages go to whom"""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(INDEX_COLUMNS)
        for communication, place in zip(communications, pages, strict=True):
            partner = communication.case.position.partner_id
            writer.writerow(
                (
                    self.name,
                    communication.case.key,
                    self.pdf_name,
                    *place,
                    partner.name,
                    partner.street or "",
                    partner.street2 or "",
                    partner.zip or "",
                    partner.city or "",
                    partner.state_id.code or "",
                    partner.country_id.code or "IT",
                    f"{communication.statement.amount:.2f}",
                )
            )
        return stream.getvalue().encode("utf-8-sig")

    def _letters(self):
        """:return: actions that stand for the lot's letters, in their printed order"""
        return self.action_ids._leads().sorted("letter_page")

    # ------------------------------------------------------------------
    # letters taken out
    # ------------------------------------------------------------------
    def _take_out(self, actions):
        """Print the lots anew without the letters of ``actions``.

        Whoever has printed them already reads it on the lot.
        """
        for lot in self:
            gone = lot.action_ids & actions
            gone.message_id.write({"model": False, "res_id": False})
            count = len(gone._leads())
            gone.write({"letter_lot_id": False, "lead_id": False, "cost": 0})
            if lot.action_ids:
                lot._print_again()
            else:
                lot.write({"state": "cancelled", "pdf": False, "index": False})
            names = ", ".join(gone.partner_id.mapped("name"))
            lot.message_post(
                body=self.env._(
                    "%(count)s letters taken out, print the lot again: %(names)s",
                    count=count,
                    names=names,
                )
            )

    def _print_again(self):
        """Keep the pages of the letters that are left, and their rows of the index."""
        actions = self._letters()
        pdf, firsts = self._pages_of(actions)
        self.env["creditbox.channel"]._note(
            {"letter_page": "int"},
            [
                (part.id, first)
                for action, first in zip(actions, firsts, strict=True)
                for part in action._joined()
            ],
        )
        self.write(
            {
                "pdf": base64.b64encode(pdf),
                "sha256": hashlib.sha256(pdf).hexdigest(),
                "letter_count": len(actions),
                "page_count": sum(actions.mapped("letter_page_count")),
                "index": base64.b64encode(self._index_without_others(actions)),
            }
        )

    def _index_without_others(self, actions):
        """:return: bytes of the index, only of ``actions``, with their first pages"""
        old = base64.b64decode(self.with_context(bin_size=False).index)
        reader = csv.DictReader(io.StringIO(old.decode("utf-8-sig")), delimiter=";")
        pages = {str(action.id): action.letter_page for action in actions}
        stream = io.StringIO()
        writer = csv.DictWriter(
            stream, INDEX_COLUMNS, delimiter=";", lineterminator="\r\n"
        )
        writer.writeheader()
        for row in reader:
            if row["letter"] in pages:
                writer.writerow(row | {"first_page": pages[row["letter"]]})
        return stream.getvalue().encode("utf-8-sig")

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------
    def action_posted(self):
        """The printer has taken the letters to the post."""
        self._require("creditbox_base.group_operator")
        before = ("ready", "delivered", "accepted")
        for lot in self.sudo().filtered(lambda lot: lot.state in before):
            lot.write(
                {"state": "posted", "date_posted": lot.company_id._creditbox_today()}
            )

    def action_open_actions(self):
        """:return: window action of the letters"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_dunning.creditbox_action_action"
        )
        return {**action, "domain": [("letter_lot_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------------
    # one letter
    # ------------------------------------------------------------------
    def _open_letter(self, action):
        """:return: action that shows the PDF of one letter"""
        attachment = self._letter_attachment(action)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=false",
            "target": "new",
        }

    def _letter_attachment(self, action):
        """The letter of one action, cut out of the lot the first time it is asked for.

        It goes to the action, and to the message on the customer's chatter.

        :return: ir.attachment of the action
        """
        self.ensure_one()
        action.check_access("read")
        action = action._leads()  # who may read one of a customer may read all
        attachments = self.env["ir.attachment"].sudo()
        attachment = attachments.search(
            [
                ("res_model", "=", action._name),
                ("res_id", "=", action.id),
                ("name", "=", self._letter_name(action)),
            ],
            limit=1,
        )
        if not attachment:
            attachment = attachments.create(
                {
                    "name": self._letter_name(action),
                    "res_model": action._name,
                    "res_id": action.id,
                    "raw": self._letter_pdf(action),
                    "mimetype": "application/pdf",
                }
            )
            action.sudo().message_id.attachment_ids += attachment
        return attachment.sudo(False)

    def _letter_name(self, action):
        return f"{self._stem()}-{action.id}.pdf"

    def _letter_pdf(self, action):
        """:return: bytes of a PDF with the pages of one letter only"""
        return self._pages_of(action)[0]

    def _pdf_reader(self):
        """:return: reader of the whole lot: opening it costs more than cutting"""
        lot = self.sudo().with_context(bin_size=False)
        return PdfFileReader(io.BytesIO(base64.b64decode(lot.pdf)))

    def _pages_of(self, actions, reader=None):
        """Cut the letters of ``actions`` out of the lot.

        :param reader: of the lot, for whoever cuts it often
        :return: (bytes of the PDF, [number in it of each letter's first page])
        """
        reader = reader or self._pdf_reader()
        writer = PdfFileWriter()
        firsts, count = [], 0
        for action in actions:
            firsts.append(count + 1)
            count += action.letter_page_count
            first = action.letter_page - 1
            for number in range(first, first + action.letter_page_count):
                writer.addPage(reader.pages[number])
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue(), firsts
