from odoo.tests import new_test_user

from odoo.addons.creditbox_utility.tests.common import UtilityCommon
from odoo.addons.creditbox_utility.tests.pictures import picture

COLORS = {"before": "red", "after": "blue", "seal": "green", "receipt": "white"}
HERE = {"latitude": 43.7, "longitude": 10.4, "accuracy": 6}


class CrewCommon(UtilityCommon):
    """A crew with its login, and orders handed out to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crew_user = cls._login("squadra")
        cls.crew = cls._person(cls.crew_user)
        cls.number = 0

    @classmethod
    def _login(cls, login, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def _person(cls, user):
        return cls.env["fsm.person"].create({"partner_id": user.partner_id.id})

    def _handed(self, state="on_site", operation="suspension", crew=None):
        """:return: an order in the hands of a crew, and its bill"""
        bill = self._bill_of()
        position = self.env["creditbox.position"].search(
            [("partner_id", "=", bill.partner_id.id), ("supply_id", "!=", False)]
        )
        orders = self.Order
        order = orders._request(
            orders._demands_by_hand(position[:1], operation), "operator"
        )
        order.person_id = crew or self.crew
        for reached in ("accepted", "sent", "on_site"):
            order._enter(reached)
            if reached == state:
                break
        if state == "on_site":
            order.action_check_debt()
        return order, bill

    def _bill_of(self):
        _position, bill = self._lawful()
        return bill

    def _key(self):
        type(self).number += 1
        return f"key-{self.number:08d}"

    def _entry(self, what, order, **values):
        given = {"key": self._key(), "what": what, "order": order.id}
        return {**given, **values}

    def _photo(self, order, kind, color=None, **values):
        """:return: entry, files"""
        entry = self._entry("photo", order, kind=kind, **{**HERE, **values})
        entry["file"] = entry["key"]
        return entry, {entry["key"]: picture(color or COLORS[kind])}

    def _send(self, *entries, user=None, files=None):
        crew = self.env["creditbox.crew"].with_user(user or self.crew_user)
        return crew._receive(list(entries), files or {})

    def _send_photos(self, order, *kinds, user=None):
        entries, files = [], {}
        for kind in kinds:
            entry, sent = self._photo(order, kind)
            entries.append(entry)
            files.update(sent)
        return self._send(*entries, user=user, files=files)
