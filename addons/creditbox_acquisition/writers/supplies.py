from odoo.tools import SQL

from .records import RecordWriter

PLAIN = {
    "address": "street",
    "zip": "zip",
    "city": "city",
    "latitude": "latitude",
    "longitude": "longitude",
    "start": "date_start",
    "end": "date_end",
    "residential": "residential",
    "protected_until": "protected_until",
    "protected_reason": "protected_reason",
    "subsidised_amount": "subsidised_amount",
}


class SupplyWriter(RecordWriter):
    """Supply points with their contract and meter."""

    kind = "supplies"
    table = "creditbox_supply"

    def _load_existing(self, keys):
        return self._find_supplies(keys)

    def _resolve(self, rows):
        customers = self._find_customers(row.values["customer_code"] for row in rows)
        for row in rows:
            code = row.values["customer_code"]
            if code not in customers:
                row.wait("customer_code", "customers", code)
                continue
            row.found["partner"] = customers[code][0]
            row.found["vals"] = self._vals(row)
            row.found["meter"] = self._meter_vals(row)

    def _vals(self, row):
        values = row.values
        vals = {name: values[field] for field, name in PLAIN.items() if field in values}
        vals["partner_id"] = row.found["partner"]
        if values.get("state"):
            vals["state_id"] = self._state(row, self.company.country_id)
        service = self._typology(
            row, "service_type", "creditbox.service.type", self.source.service_type_id
        )
        if service:
            vals["service_type_id"] = service
        elif row.outcome is None:
            row.found["no_service"] = True
        return vals

    def _meter_vals(self, row):
        vals = {
            name: self._typology(row, field, model)
            for field, name, model in (
                ("meter_type", "meter_type_id", "creditbox.meter.type"),
                ("meter_state", "meter_state_id", "creditbox.meter.state"),
            )
            if row.values.get(field) is not None
        }
        return vals

    def _create(self, rows):
        for row in rows:
            if row.found.get("no_service"):
                row.refuse("service_type", "required")
        rows = [row for row in rows if row.outcome is None]
        self._write_meters(rows)
        supplies = self.env["creditbox.supply"].create(
            [
                {"company_id": self.company.id, "code": row.key, **row.found["vals"]}
                for row in rows
            ]
        )
        for row, supply in zip(rows, supplies, strict=True):
            row.found["id"] = supply.id
            row.outcome = "created"

    def _update(self, rows):
        meters = self._write_meters(rows)
        supplies = self.env["creditbox.supply"].browse(row.found["id"] for row in rows)
        changed = self._write_changes(
            supplies, {row.found["id"]: row.found["vals"] for row in rows}
        )
        for row in rows:
            done = (
                row.found["id"] in changed
                or row.found["vals"].get("meter_id") in meters
            )
            row.outcome = "updated" if done else "unchanged"

    def _write_meters(self, rows):
        """Create or update the meters and hang them on the supplies.

        A supply without a serial number gets a meter named after itself, if the
        billing system knows its type or state.

        :return: set of the ids of the meters that were there and have changed
        """
        wanted = {}
        for row in rows:
            serial = row.values.get("meter_serial")
            if not serial and row.found["meter"]:
                serial = row.key
            if serial:
                row.found["serial"] = serial
                wanted[serial] = row
        known = self._find_meters(list(wanted))
        changed = self._update_meters(
            {known[serial]: row for serial, row in wanted.items() if serial in known}
        )
        new = {serial: row for serial, row in wanted.items() if serial not in known}
        known.update(zip(new, self._create_meters(new), strict=True))
        for row in rows:
            if "serial" in row.found:
                row.found["vals"]["meter_id"] = known[row.found["serial"]]
        return changed

    def _create_meters(self, rows):
        """ids of the new meters.

        :param rows: dict serial -> row
        """
        service = self.source.service_type_id.id
        meters = self.env["creditbox.meter"].create(
            [
                {
                    "company_id": self.company.id,
                    "serial": serial,
                    "service_type_id": row.found["vals"].get(
                        "service_type_id", service
                    ),
                    **row.found["meter"],
                }
                for serial, row in rows.items()
            ]
        )
        return meters.ids

    def _update_meters(self, rows):
        """ids of the meters that have changed, of a dict id -> row."""
        meters = self.env["creditbox.meter"].browse(rows)
        return self._write_changes(
            meters.with_context(creditbox_state_note=self.source.name),
            {meter_id: row.found["meter"] for meter_id, row in rows.items()},
        )

    def _find_meters(self, serials):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT serial, id FROM creditbox_meter "
                    "WHERE company_id = %s AND serial = ANY(%s)",
                    self.company.id,
                    serials,
                )
            )
        )
