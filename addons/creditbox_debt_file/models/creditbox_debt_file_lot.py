from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.creditbox_base.tools.package import Package


class CreditboxDebtFileLot(models.Model):
    """Debt files of many customers, made in the background, fetched together."""

    _name = "creditbox.debt.file.lot"
    _description = "Debt Files of Many Customers"
    _inherit = ["creditbox.guarded"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Asked for by", readonly=True)
    file_ids = fields.One2many("creditbox.debt.file", "lot_id", readonly=True)
    count = fields.Integer(string="Debt Files", compute="_compute_counts")
    made_count = fields.Integer(string="Made", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    state = fields.Selection(
        [("waiting", "Being made"), ("done", "Ready")], compute="_compute_counts"
    )

    @api.depends("file_ids.state")
    def _compute_counts(self):
        counts = {
            (lot, state): count
            for lot, state, count in self.env["creditbox.debt.file"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id", "state"], ["__count"]
            )
        }
        for lot in self:
            waiting, made, failed = (
                counts.get((lot._origin, state), 0)
                for state in ("waiting", "made", "failed")
            )
            lot.count = waiting + made + failed
            lot.made_count, lot.failed_count = made, failed
            lot.state = "waiting" if waiting else "done"

    @api.model
    def _gather(self, files):
        """Put files into lots, one a company, and have them made in the background.

        :return: the lots
        """
        lots = self.sudo()  # nobody writes them
        for company, own in files.grouped("company_id").items():
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            lot = lots.create(
                {
                    "name": sequence.next_by_code(self._name),
                    "company_id": company.id,
                    "user_id": self.env.uid,
                }
            )
            own.lot_id = lot
            for file in own:
                file.with_delay(
                    description=file.name,
                    identity_key=f"{file._name}-{file.id}",
                    channel="root.creditbox",
                )._make_in_background()
            lots |= lot
        return lots.sudo(False)

    def _window(self):
        """:return: window action of these lots"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_debt_file.creditbox_debt_file_lot_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def _note_progress(self):
        """Tell whoever has asked once the last file is there."""
        for lot in self.sudo():  # as the job of somebody else
            if lot.state == "done":
                lot.user_id._bus_send(
                    "simple_notification",
                    {
                        "type": "success" if not lot.failed_count else "warning",
                        "title": lot.name,
                        "message": self.env._("The debt files are ready."),
                    },
                )

    def action_download(self):
        """:return: action that fetches all files that are made
        :raises UserError: none is made yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.made_count:
            raise UserError(self.env._("No debt file has been made yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/creditbox/debt-files/{self.id}",
            "target": "download",
        }

    def action_open_files(self):
        """:return: window action of the files"""
        return self.file_ids._window()

    def _pack(self, stream):
        """Write the ZIPs of all files that are made into one, with their sums.

        :param stream: binary, to write to
        """
        self.check_access("read")
        content = self.env["creditbox.debt.file.content"].sudo()
        made = self.file_ids.filtered(lambda file: file.state == "made")
        names = {file.id: file.zip_name for file in made}
        with Package(stream) as package:
            for zip_file in content._attachments(made._name, made.ids, "zip"):
                source = content._source(zip_file)
                package.add("", names[zip_file.res_id], source)
