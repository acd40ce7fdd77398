from odoo.tests import freeze_time

from odoo.addons.creditbox_dunning.tests.common import TODAY, DunningCommon


@freeze_time(TODAY)
class WriteoffCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].with_company(cls.company)
        for name, code, kind in (
            ("loss", "490500", "expense"),
            ("recovery", "323000", "income_other"),
        ):
            cls.company[f"creditbox_{name}_account_id"] = accounts.create(
                {"name": name, "code": code, "account_type": kind}
            )
        cls.reason = cls.env.ref("creditbox_writeoff.reason_recovery_failed")

    @classmethod
    def _lines(cls, bills):
        return bills.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _ask(cls, bills, **values):
        return cls.env["creditbox.writeoff"]._ask(
            cls._lines(bills), cls.reason, **values
        )

    @classmethod
    def _position_of(cls, supply):
        return cls.env["creditbox.position"].search([("supply_id", "=", supply.id)])

    def _cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"creditbox_writeoff.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _exclusions(self, bills):
        items = self.env["creditbox.item"].search(
            [("move_line_id", "in", self._lines(bills).ids)]
        )
        return items.mapped("exclusion")
