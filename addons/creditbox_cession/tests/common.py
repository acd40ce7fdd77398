from odoo.tests import freeze_time

from odoo.addons.creditbox_dunning.tests.common import TODAY, DunningCommon


@freeze_time(TODAY)
class CessionCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].with_company(cls.company)
        for name, code, kind in (
            ("loss", "490500", "expense"),
            ("recovery", "323000", "income_other"),
            ("cession", "150200", "asset_current"),
        ):
            cls.company[f"creditbox_{name}_account_id"] = accounts.create(
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_current",
                }
            )
        cls.assignee = cls.env["res.partner"].create(
            {"name": "Factor SpA", "street": "Via Larga 3", "city": "Milano"}
        )

    def _positions(self, *supplies):
        supplies = supplies or (self.supply,)
        return self.env["creditbox.position"].search(
            [("supply_id", "in", [supply.id for supply in supplies])]
        )

    def _prepared(self, *supplies, kind="without", price=80):
        positions = self._positions(*supplies)
        cession = self.env["creditbox.cession"]._prepare_of(positions)
        cession.write({"partner_id": self.assignee.id, "kind": kind, "price": price})
        return cession

    def _assigned(self, *supplies, **values):
        cession = self._prepared(*supplies, **values)
        cession.action_assign()
        return cession

    def _exclusions(self, bills):
        items = self.env["creditbox.item"].search(
            [("move_line_id.move_id", "in", bills.ids)]
        )
        return set(items.mapped("exclusion"))
