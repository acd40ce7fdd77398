from odoo import api, models
from odoo.exceptions import UserError


class CreditboxQualityClock(models.Model):
    """Starting: once for each record and standard, many with few statements."""

    _inherit = "creditbox.quality.clock"

    @api.model
    def _start(
        self,
        code,
        company,
        moment,
        partner=None,
        supply=None,
        record=None,
        reference=None,
    ):
        """Start measuring a performance; once for each record and standard.

        :param code: of a standard
        :param moment: naive datetime.datetime, UTC, of the event that it counts from
        :param record: what it is measured for, of any model
        :param reference: traceable code of the request; empty: a new one
        :return: creditbox.quality.clock, the one there was for ``record`` if any
        :raises UserError: no such standard in force
        """
        return self._start_all(
            [
                {
                    "code": code,
                    "company": company,
                    "moment": moment,
                    "partner": partner,
                    "supply": supply,
                    "record": record,
                    "reference": reference,
                }
            ]
        )

    @api.model
    def _start_all(self, performances):
        """As ``_start``, for many.

        :param performances: list of dict with the arguments of ``_start``
        :return: creditbox.quality.clock in their order
        """
        # what is measured for no record is always new
        keys = [self._key(p) or place for place, p in enumerate(performances)]
        known = self._known(keys)
        missing = {}
        for key, performance in zip(keys, performances, strict=True):
            if key not in known:
                missing.setdefault(key, performance)
        standards = self._standards(missing.values())
        self._read_together(missing.values())
        # the register is written by the engine alone, whoever works
        engine = self.sudo().with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        created = engine.create(
            [
                self._start_vals(performance, standard)
                for performance, standard in zip(
                    self._with_references(missing.values()), standards, strict=True
                )
            ]
        )
        created._recount()
        known.update(zip(missing, created.ids, strict=True))
        return self.browse([known[key] for key in keys])

    @api.model
    def _read_together(self, performances):
        """Records that came one by one are read by a statement, not each by its own."""
        supplies = (
            self.env["creditbox.supply"]
            .sudo()
            .union(*(p["supply"] for p in performances if p.get("supply")))
        )
        partners = supplies.partner_id.union(
            *(p["partner"] for p in performances if p.get("partner"))
        )
        partners.sudo().commercial_partner_id.mapped("creditbox_customer_type_id")

    @api.model
    def _with_references(self, performances):
        """:return: list of the performances, each with its traceable code"""
        without = {}
        for performance in performances:
            if not performance.get("reference"):
                without.setdefault(performance["company"], []).append(performance)
        numbers = {
            company: iter(
                self.env["ir.sequence"]._creditbox_draw(self._name, company, len(some))
            )
            for company, some in without.items()
        }
        return [
            performance
            if performance.get("reference")
            else {**performance, "reference": next(numbers[performance["company"]])}
            for performance in performances
        ]

    @api.model
    def _standards(self, performances):
        """:return: list of creditbox.quality.standard, the one in force for each"""
        standards = self.env["creditbox.quality.standard"]
        versions = standards._versions(
            {performance["code"] for performance in performances},
            {performance["company"] for performance in performances},
        )
        return [
            versions._in_force(
                performance["code"],
                performance["company"],
                performance["company"]._creditbox_local(performance["moment"]).date(),
            )
            for performance in performances
        ]

    @api.model
    def _key(self, performance):
        record = performance.get("record")
        if not record:
            return None
        company = performance["company"]
        return (record._name, record.id, performance["code"], company.id)

    @api.model
    def _known(self, keys):
        """:return: {key: id} of the clocks there are"""
        keys = {key for key in keys if isinstance(key, tuple)}
        if not keys:
            return {}
        models_, ids, codes, companies = map(set, zip(*keys, strict=True))
        found = self.sudo().search_fetch(
            [
                ("res_model", "in", list(models_)),
                ("res_id", "in", list(ids)),
                ("code", "in", list(codes)),
                ("company_id", "in", list(companies)),
                ("state", "!=", "cancelled"),
            ],
            ["res_model", "res_id", "code", "company_id"],
        )
        known = {(c.res_model, c.res_id, c.code, c.company_id.id): c.id for c in found}
        return {key: known[key] for key in keys & known.keys()}

    @api.model
    def _start_vals(self, performance, standard):
        record = performance.get("record")
        if standard.kind == "duty" or standard.measure != "each":
            raise UserError(
                self.env._("%s is not measured by single performances.", standard.name)
            )
        supply = performance.get("supply") or self.env["creditbox.supply"]
        partner = performance.get("partner") or supply.partner_id
        customer = partner.sudo().commercial_partner_id  # read whoever starts
        holder = record and "user_id" in record._fields and record.sudo().user_id
        team = record and "team_id" in record._fields and record.sudo().team_id
        return {
            "reference": performance["reference"],
            "standard_id": standard.id,
            "code": standard.code,
            "kind": standard.kind,
            "macro": standard.macro,
            "company_id": performance["company"].id,
            "partner_id": partner.id,
            "customer_type_id": customer.creditbox_customer_type_id.id,
            "supply_id": supply.id,
            "user_id": holder.id if holder and holder._name == "res.users" else False,
            "team": team.display_name if team else False,
            "res_model": record and record._name,
            "res_id": record and record.id,
            "start_at": performance["moment"].replace(microsecond=0),
        }
