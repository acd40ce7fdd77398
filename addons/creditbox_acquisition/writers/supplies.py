from odoo.tools import SQL

from .base import Writer

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
}


class SupplyWriter(Writer):
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
        self._write_meters(rows)
        supplies = self.env["creditbox.supply"]
        for row in rows:
            supplies.browse(row.found["id"]).write(row.found["vals"])
            row.outcome = "updated"

    def _write_meters(self, rows):
        """Create or update the meters and hang them on the supplies.

        A supply without a serial number gets a meter named after itself, if the
        billing system knows its type or state.
        """
        for row in rows:
            serial = row.values.get("meter_serial")
            if not serial and row.found["meter"]:
                serial = row.key
            row.found["serial"] = serial
        rows = [row for row in rows if row.found["serial"]]
        known = self._find_meters([row.found["serial"] for row in rows])
        new = {
            row.found["serial"]: row for row in rows if row.found["serial"] not in known
        }
        service = self.source.service_type_id.id
        created = self.env["creditbox.meter"].create(
            [
                {
                    "company_id": self.company.id,
                    "serial": serial,
                    "service_type_id": row.found["vals"].get(
                        "service_type_id", service
                    ),
                    **row.found["meter"],
                }
                for serial, row in new.items()
            ]
        )
        known.update(zip(new, created.ids, strict=True))
        for row in rows:
            meter_id = known[row.found["serial"]]
            row.found["vals"]["meter_id"] = meter_id
            if row.found["serial"] not in new and row.found["meter"]:
                self._update_meter(meter_id, row.found["meter"])

    def _update_meter(self, meter_id, vals):
        meter = self.env["creditbox.meter"].browse(meter_id)
        changed = {
            name: value for name, value in vals.items() if meter[name].id != value
        }
        if changed:
            meter.with_context(creditbox_state_note=self.source.name).write(changed)

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
