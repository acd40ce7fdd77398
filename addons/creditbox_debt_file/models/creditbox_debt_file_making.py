import hashlib
import logging
import mmap
import tempfile
from datetime import timedelta

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.misc import format_date, format_datetime

from odoo.addons.creditbox_base.tools.package import PIECE, Package

from ..tools.book import Book
from ..tools.sections import Scope

_logger = logging.getLogger(__name__)

ON_COVER = 20  # positions: a condominium has hundreds


class CreditboxDebtFile(models.Model):
    """How a debt file is made: document by document, through files on disk."""

    _inherit = "creditbox.debt.file"

    def _make(self):
        """Make it in this transaction; what goes wrong is said on the file."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._make_files()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole job starts anew
        except Exception as error:
            self.env.invalidate_all()
            _logger.exception("Debt file %s could not be made", self.name)
            self.write({"state": "failed", "error": str(error)[:500]})

    def _make_in_background(self):
        """A job: safe to repeat, and to lose."""
        self.ensure_one()
        if self.exists() and self.state == "waiting":
            self.sudo()._make()  # whoever asked was checked
            self.lot_id._note_progress()

    def _make_files(self):
        """Write both files, keep them, and say so where the customer is looked at."""
        speaking = self._speaking()
        with (
            tempfile.NamedTemporaryFile(prefix="creditbox_debt_") as zip_file,
            tempfile.NamedTemporaryFile(prefix="creditbox_debt_") as pdf_file,
        ):
            count = speaking._write_files(zip_file, pdf_file)
            zip_file.flush()
            digest, size = _measure(zip_file)
            self._keep("zip", zip_file, "application/zip")
            self._keep("pdf", pdf_file, "application/pdf")
        days = self.company_id.creditbox_debt_file_days
        self.write(
            {
                "state": "made",
                "error": False,
                "date_made": fields.Datetime.now(),
                "date_expiry": self.company_id._creditbox_today() + timedelta(days),
                "document_count": count,
                "size": size,
                "sha256": digest,
            }
        )
        speaking._log_made()

    def _speaking(self):
        """:return: self as the system, in the language of whoever has asked"""
        company = self.company_id
        return (
            self.sudo()
            .with_company(company)
            .with_context(
                lang=self.user_id.lang or self.env.lang,
                allowed_company_ids=company.ids,
                bin_size=False,
            )
        )

    def _scope(self):
        """:return: tools.sections.Scope"""
        return Scope(
            partner=self.partner_id,
            company=self.company_id,
            positions=self.position_ids,
            whole=self.whole,
            today=self.company_id._creditbox_today(),
        )

    def _write_files(self, zip_file, pdf_file):
        """:return: int, number of documents"""
        sections = self.env["creditbox.debt.file.content"]._sections(self._scope())
        book = Book()
        with Package(zip_file) as package:
            for number, section in enumerate(sorted(sections, key=_place), 1):
                self._write_section(
                    f"{number:02d} {section.title}", section, package, book
                )
            count = len(package.entries)
            book.save(
                pdf_file,
                self.env._("Debt file %s", self.name),
                self.company_id.name,
                tuple(self._facts(count)),
                self._labels(),
            )
            pdf_file.flush()
            title = self.env._("Debt file")
            package.add("", f"{title}.pdf", pdf_file.name)
        return count

    def _write_section(self, folder, section, package, book):
        before = len(package.entries)
        book.section(section.title)
        for document in section.documents:
            source = document.source
            if callable(source):  # made once, for both
                source = source()
            entry = package.add(folder, document.name, source)
            day = format_date(self.env, document.day) if document.day else ""
            book.document(document.title, day, entry.path, source)
        if len(package.entries) == before:
            book.note(self.env._("Nothing"))

    def _facts(self, count):
        """Yield (label, text) of the cover."""
        partner = self.partner_id
        yield self.env._("Customer"), partner.name or ""
        if partner.creditbox_code:
            yield self.env._("Customer code"), partner.creditbox_code
        tax_code = partner.creditbox_fiscal_code or partner.vat
        if tax_code:
            yield self.env._("Tax code"), tax_code
        address = " ".join(filter(None, (partner.street, partner.zip, partner.city)))
        if address:
            yield self.env._("Address"), address
        for position in self.position_ids[:ON_COVER]:
            yield (
                position.supply_id.code or self.env._("Without a supply"),
                self.env._(
                    "overdue %(overdue)s, not due %(later)s",
                    overdue=position.currency_id.format(position.amount_overdue),
                    later=position.currency_id.format(position.amount_not_due),
                ),
            )
        if (left := len(self.position_ids) - ON_COVER) > 0:
            yield self.env._("Other supplies"), str(left)
        yield self.env._("Documents"), str(count)
        yield self.env._("Made by"), self.user_id.name or ""
        zone = self.company_id._creditbox_zone().key
        yield (
            self.env._("Made on"),
            format_datetime(self.env, fields.Datetime.now(), tz=zone),
        )

    def _labels(self):
        return {
            "index": self.env._("Index"),
            "date": self.env._("Date"),
            "document": self.env._("Document"),
            "page": self.env._("Page"),
            "file": self.env._("File in the ZIP"),
            # the book fills these two in itself
            "pages": self.env._(
                "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
            ),
        }

    def _keep(self, field, file, mimetype):
        """Keep what was written to disk, without reading it into memory."""
        attachments = self.env["ir.attachment"].sudo()  # nobody writes them
        self[field] = False
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            in_files = attachments._storage() != "db"
            attachments.create(
                {
                    "name": field,
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": field,
                    "type": "binary",
                    "mimetype": mimetype,
                    "raw": content if in_files else content[:],
                }
            )
        self.invalidate_recordset([field])

    def _log_made(self):
        """Say on the customer's chatter who has made it, of what."""
        body = self.env._(
            "Debt file %(name)s made by %(user)s: %(count)s documents, SHA-256 %(sum)s",
            name=self.name,
            user=self.user_id.name,
            count=self.document_count,
            sum=self.sha256,
        )
        # companies may share a customer: then it stands on what is this company's alone
        mine = self.whole and self.partner_id.company_id == self.company_id
        records = self.partner_id if mine else self.position_ids
        records._message_log_batch(bodies=dict.fromkeys(records.ids, body))


def _place(section):
    return section.place


def _measure(file):
    """:return: (SHA-256, size) of a file"""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest(), file.tell()
