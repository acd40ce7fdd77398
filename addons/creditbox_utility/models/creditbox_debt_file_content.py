from odoo import models

from odoo.addons.creditbox_debt_file.tools.sections import Section


class CreditboxDebtFileContent(models.AbstractModel):
    """Orders at the meter, with what was seen there."""

    _inherit = "creditbox.debt.file.content"

    def _sections(self, scope):
        return [
            *super()._sections(scope),
            Section(85, self.env._("Orders at the meter"), self._order_files(scope)),
        ]

    def _orders(self, scope):
        return self.env["fsm.order"].search(
            [("creditbox_position_id", "in", scope.positions.ids)],
            order="creditbox_requested_at, id",
        )

    def _order_files(self, scope):
        orders = self._orders(scope)
        yield from self._order_table(scope, orders)
        photos = self.env["creditbox.order.photo"].search(
            [("order_id", "in", orders.ids)], order="taken_at, id"
        )
        yield from self._photo_table(scope, photos)
        kinds = self._labels("creditbox.order.photo", "kind")
        by_id = {photo.id: photo for photo in photos}
        for file in self._attachments(photos._name, photos.ids, "image"):
            photo = by_id[file.res_id]
            day = self._day(scope, photo.taken_at)
            name = photo.filename or f"{photo.id}.jpg"
            yield self._attached(
                file,
                day,
                f"{photo.order_id.name}: {kinds[photo.kind]}",
                f"{self._stamp(day)} {photo.order_id.name} {photo.kind} {name}",
            )
        days = {o.id: self._day(scope, o.creditbox_requested_at) for o in orders}
        for file in self._attachments(orders._name, orders.ids):
            yield self._attached(file, days[file.res_id])

    def _order_table(self, scope, orders):
        operations = self._labels("fsm.order", "creditbox_operation")
        states = self._labels("fsm.order", "creditbox_state")
        columns = [
            (self.env._("Order"), "text", 14),
            (self.env._("Operation"), "text", 14),
            (self.env._("Supply"), "text", 18),
            (self.env._("Requested on"), "text", 14),
            (self.env._("On site"), "text", 14),
            (self.env._("Closed on"), "text", 14),
            (self.env._("State"), "text", 14),
            (self.env._("Crew"), "text", 16),
            (self.env._("Debt at request"), "money", 11),
            (self.env._("Outcome"), "text", 30),
        ]
        rows = [
            (
                order.name,
                operations.get(order.creditbox_operation, ""),
                order.creditbox_supply_id.code or "",
                self._moment(scope, order.creditbox_requested_at),
                self._moment(scope, order.creditbox_on_site_at),
                self._moment(scope, order.creditbox_closed_at),
                states.get(order.creditbox_state, ""),
                order.person_id.name or "",
                order.creditbox_amount,
                " – ".join(
                    filter(
                        None,
                        (
                            order.creditbox_reason_id.name,
                            order.creditbox_note,
                            order.creditbox_forced_reason,
                        ),
                    )
                ),
            )
            for order in orders
        ]
        return self._listing(scope, self.env._("List of the orders"), columns, rows)

    def _photo_table(self, scope, photos):
        kinds = self._labels("creditbox.order.photo", "kind")
        columns = [
            (self.env._("Order"), "text", 14),
            (self.env._("Photo"), "text", 14),
            (self.env._("Taken at"), "text", 14),
            (self.env._("Received at"), "text", 14),
            (self.env._("Place"), "text", 20),
            (self.env._("Sent by"), "text", 16),
            (self.env._("SHA-256"), "text", 40),
        ]
        rows = [
            (
                photo.order_id.name,
                kinds[photo.kind],
                self._moment(scope, photo.taken_at),
                self._moment(scope, photo.received_at),
                f"{photo.latitude:.6f}, {photo.longitude:.6f}" if photo.located else "",
                photo.user_id.name or "",
                photo.sha256,
            )
            for photo in photos
        ]
        return self._listing(scope, self.env._("List of the photos"), columns, rows)

    def _logged(self, scope, actions):
        return super()._logged(scope, actions) | {"fsm.order": self._orders(scope).ids}
