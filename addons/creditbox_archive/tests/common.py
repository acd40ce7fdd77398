import io

from reportlab.pdfgen import canvas

from odoo.addons.creditbox_dunning.tests.common import DunningCommon


def pdf_of(text):
    """:return: bytes of a PDF of one page that says ``text``"""
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.drawString(100, 700, text)
    page.save()
    return stream.getvalue()


class ArchiveCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("reader")
        cls.operator = cls._user("operator")
        cls.administrator = cls._user("administrator")
        cls.verdi = cls._customer("Verdi")
        cls.letters = cls.env.ref("creditbox_archive.category_letter")
        cls.Files = cls.env["dms.file"]
        cls.Texts = cls.env["creditbox.archive.text"].sudo()  # as the cron

    @classmethod
    def _add(
        cls, customer=None, name="letter.txt", content=b"hello", user=None, **options
    ):
        """Put a document into the archive as the operator does.

        :return: dms.file, as the system sees it
        """
        customer = (customer or cls.customer).with_user(user or cls.operator)
        options = {"category": cls.letters, **options}
        files = customer._archive_add([(name, content)], **options)
        return files.with_env(cls.env)

    def _raw(self, record, field="content_file"):
        return (
            self.env["ir.attachment"]
            .search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "=", field),
                ]
            )
            .raw
        )

    def _read(self):
        """Let the cron read what is new."""
        for file in self.Texts._unread():
            self.Texts._read_file(file)
        self.env.invalidate_all()

    def _found(self, words, user=None):
        files = self.Files.with_user(user or self.reader)
        return files.search([("creditbox_content", "ilike", words)]).with_env(self.env)
