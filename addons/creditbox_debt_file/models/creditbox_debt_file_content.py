import os

from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.creditbox_dunning.tools import grid_sheet
from odoo.addons.creditbox_dunning.tools.formatter import Formatter
from odoo.addons.creditbox_dunning.tools.grid_sheet import Column, Grid, GridSheet

from ..tools.sections import Document


class CreditboxDebtFileContent(models.AbstractModel):
    """What goes into a debt file. Addons add their sections by ``_sections``.

    Everything is read as the system, in the language of whoever has asked for the file
    and who has been checked; each section must therefore name customer and company in
    what it looks for. Whatever the number of records, a section asks a fixed number of
    queries; files are named, and read only while they are written.
    """

    _name = "creditbox.debt.file.content"
    _description = "Content of a Debt File"

    @api.model
    def _sections(self, scope):
        """
        :param scope: tools.sections.Scope
        :return: list of tools.sections.Section, in any order
        """
        return []

    # ------------------------------------------------------------------
    # what sections are made with
    # ------------------------------------------------------------------
    def _actions(self, scope, *domain):
        """:return: the actions on the positions, oldest first"""
        return self.env["creditbox.action"].search(
            [("position_id", "in", scope.positions.ids), *domain],
            order="date_planned, id",
        )

    def _attachments(self, model, ids, *fields):
        """
        :param fields: names of binary fields; none: what is attached to the records
        :return: ir.attachment of the records, oldest first
        """
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", list(ids)),
                ("res_field", "in", fields or (False,)),
                ("type", "=", "binary"),
            ],
            order="id",
        )

    def _source(self, attachment):
        """:return: where the content is, for the package to read it piece by piece"""
        if attachment.store_fname:
            path = attachment._full_path(attachment.store_fname)
            if os.path.exists(path):
                return path
        return lambda: attachment.raw or b""

    def _attached(self, attachment, day=None, title=None, name=None):
        """:return: Document of an attachment as it is"""
        name = name or attachment.name or str(attachment.id)
        return Document(name, title or name, self._source(attachment), day)

    def _listing(self, scope, title, columns, rows, total=None):
        """A list, on paper and as a workbook that holds every text in full.

        :param columns: (label, kind, share) as in grid_sheet.Column
        :param rows: list of tuples; none: no document
        :return: list of Document
        """
        if not rows:
            return []
        grid = Grid(title, tuple(Column(*column) for column in columns), rows, total)
        sheet = self._grid_sheet(scope, title, grid)
        return [
            Document(f"{title}.pdf", title, lambda: grid_sheet.to_pdf(sheet)),
            Document(
                f"{title}.xlsx",
                self.env._("%s (workbook)", title),
                lambda: grid_sheet.to_xlsx(sheet),
            ),
        ]

    def _grid_sheet(self, scope, title, grid):
        write = Formatter(self.env, self.env.lang, scope.company.currency_id)
        return GridSheet(
            title=title,
            sender=scope.company.name,
            facts=(
                (self.env._("Customer"), scope.partner.name or ""),
                (self.env._("On"), write.date(scope.today)),
            ),
            grids=(grid,),
            labels={
                "total": self.env._("Total"),
                "page": self._page_label(),
                "summary": self.env._("Summary"),
            },
            date=write.date,
            money=write.money,
            decimals=scope.company.currency_id.decimal_places,
        )

    def _page_label(self):
        # the sheet fills these two in itself
        return self.env._(
            "Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"
        )

    def _labels(self, model, field):
        """:return: {value of a selection: what the user calls it}"""
        model = self.env[model]
        return dict(model._fields[field]._description_selection(self.env))

    def _moment(self, scope, moment):
        """:return: str, a time by the clocks of the company"""
        if not moment:
            return ""
        local = scope.company._creditbox_local(moment)
        return f"{format_date(self.env, local.date())} {local:%H:%M}"

    def _day(self, scope, moment):
        """:return: datetime.date of a time where the company is"""
        return moment and scope.company._creditbox_local(moment).date()

    def _stamp(self, day):
        """:return: str, the beginning of a file's name: sorted by name, in time"""
        return f"{day:%Y-%m-%d}" if day else "0000-00-00"
