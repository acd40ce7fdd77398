from odoo import api, fields, models


class FsmLocation(models.Model):
    """Where the crew goes: one place for each supply, made when it is needed."""

    _inherit = "fsm.location"

    creditbox_supply_id = fields.Many2one(
        "creditbox.supply",
        string="Supply",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    _creditbox_supply_uniq = models.UniqueIndex(
        "(creditbox_supply_id) WHERE creditbox_supply_id IS NOT NULL",
        "A supply has one place.",
    )

    @api.model
    def _creditbox_of(self, supplies):
        """Return the places of supplies, making in one go those that are missing.

        :return: {creditbox.supply: fsm.location}
        """
        found = self._creditbox_find(supplies)
        missing = supplies.filtered(lambda supply: supply not in found)
        if missing:
            self._creditbox_make(missing)
            found = self._creditbox_find(supplies)
        for supply, location in found.items():
            location._creditbox_follow(supply)
        return found

    @api.model
    def _creditbox_find(self, supplies):
        locations = self.sudo().search([("creditbox_supply_id", "in", supplies.ids)])
        return {location.creditbox_supply_id: location for location in locations}

    @api.model
    def _creditbox_make(self, supplies):
        """The system makes them: nobody else has the right to."""
        quiet = self.sudo().with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            creating_fsm_location=True,  # the partners do not make places themselves
        )
        stage = self._default_stage_id()
        # a partner given is not made, nor changed, one by one
        partners = quiet.env["res.partner"].create(
            [
                {
                    "name": supply.name,
                    "type": "fsm_location",
                    "fsm_location": True,
                    "company_id": supply.company_id.id,
                    **self._creditbox_address(supply),
                }
                for supply in supplies
            ]
        )
        quiet.create(
            [
                {
                    "partner_id": partner.id,
                    "owner_id": supply.partner_id.id,
                    "creditbox_supply_id": supply.id,
                    "stage_id": stage.id,
                }
                for supply, partner in zip(supplies, partners, strict=True)
            ]
        )

    @api.model
    def _creditbox_address(self, supply):
        return {
            "street": supply.street,
            "zip": supply.zip,
            "city": supply.city,
            "state_id": supply.state_id.id,
            "partner_latitude": supply.latitude,
            "partner_longitude": supply.longitude,
        }

    def _creditbox_follow(self, supply):
        """The supply's address may have been corrected since."""
        partner = self.partner_id
        changed = {
            name: value
            for name, value in self._creditbox_address(supply).items()
            if (partner[name].id if name == "state_id" else partner[name]) != value
        }
        if changed:
            partner.write(changed)
