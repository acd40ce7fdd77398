"""One click from a KPI to the records behind it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CreditboxKpi(models.Model):
    _inherit = "creditbox.kpi"

    @api.model
    def open_records(self, code, day, detail=""):
        """:return: action with the records behind a figure of the page"""
        self.env["creditbox.position"].check_access("read")
        companies, _left_out = self.env["creditbox.console"]._companies()
        day = fields.Date.to_date(day)
        if code not in dict(self._fields["code"].selection):
            raise UserError(self.env._("There is no such figure."))
        return getattr(self, f"_open_{code}")(companies, day, detail)

    @api.model
    def _open_dso(self, companies, day, detail, domain=None):
        action = self._action("creditbox_console.creditbox_snapshot_line_action")
        found = Domain("snapshot_id", "in", self._snapshots(companies, day).ids)
        return dict(action, domain=list(found & (domain or Domain.TRUE)))

    @api.model
    def _open_best_dso(self, companies, day, detail):
        return self._open_dso(companies, day, detail, Domain("amount_not_due", ">", 0))

    @api.model
    def _open_cei(self, companies, day, detail):
        """All that went through the customers' accounts in the month."""
        return self._open_entries(
            companies,
            Domain("date", ">=", day.replace(day=1)) & Domain("date", "<=", day),
        )

    @api.model
    def _open_beyond_terms(self, companies, day, detail):
        """The payments of the month that cover bills."""
        return self._open_entries(
            companies,
            Domain("date", ">=", day.replace(day=1))
            & Domain("date", "<=", day)
            & Domain("move_id.move_type", "=", "entry")
            & Domain("matched_debit_ids", "!=", False),
        )

    @api.model
    def _open_roll(self, companies, day, detail):
        """What was in the bucket a month before, and is still open."""
        now = self._snapshots(companies, day)
        before = now.browse()
        for snapshot in now:
            before |= snapshot._month_before()
        buckets = [
            bucket["id"]
            for snapshot in before
            for bucket in snapshot.buckets
            if self._roll_detail(bucket) == detail
        ]
        action = self._action("creditbox_console.creditbox_snapshot_line_action")
        domain = (
            Domain("snapshot_id", "in", before.ids)
            & Domain("bucket_id", "in", buckets)
            & Domain(
                "line_id.creditbox_snapshot_line_ids",
                "any",
                [("snapshot_id", "in", now.ids), ("amount_overdue", ">", 0)],
            )
        )
        return dict(action, domain=list(domain))

    @api.model
    def _open_recovery(self, companies, day, detail):
        first, last = self._recovery_period(day)
        return self._open_actions(
            Domain("company_id", "in", companies.ids)
            & Domain("code", "=", detail)
            & Domain("state", "in", ("done", "delivered"))
            & Domain("date_done", ">=", first)
            & Domain("date_done", "<=", last)
        )

    @api.model
    def _open_stopped(self, companies, day, detail):
        ids = [
            id_
            for company in companies
            for id_, _ok in self._stopped(company, day.replace(day=1), day)
        ]
        return self._open_actions(Domain("id", "in", ids))

    @api.model
    def _open_promise(self, companies, day, detail):
        return {
            "type": "ir.actions.act_window",
            "name": self._code_label("promise"),
            "res_model": "creditbox.promise",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": self._promise_domain(companies, day.replace(day=1), day),
        }

    @api.model
    def _open_actions(self, domain):
        action = self._action("creditbox_dunning.creditbox_action_action")
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _open_entries(self, companies, domain):
        action = self._action("account.action_account_moves_all")
        domain &= (
            Domain("company_id", "in", companies.ids)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
        )
        return dict(action, domain=list(domain), context={"create": False})

    @api.model
    def _action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(name)
