from odoo import api, fields, models


class CreditboxPostalEvent(models.Model):
    """One thing that happened to one letter, as the outsourcer or an operator says."""

    _name = "creditbox.postal.event"
    _inherit = ["creditbox.guarded"]
    _description = "Event of a Letter"
    _order = "date desc, id desc"
    _rec_name = "outcome_id"

    action_id = fields.Many2one(
        "creditbox.action", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # kept here too: record rules and lists need not look into the actions
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    provider_id = fields.Many2one("creditbox.provider", readonly=True)
    outcome_id = fields.Many2one(
        "creditbox.postal.outcome", required=True, readonly=True, ondelete="restrict"
    )
    code = fields.Char(string="Supplier's code", required=True, readonly=True)
    cause = fields.Char(required=True, readonly=True, default="")
    date = fields.Datetime(required=True, readonly=True)
    preliminary = fields.Boolean(
        string="Announced only", readonly=True, help="It does nothing yet."
    )
    tracking_number = fields.Char(related="action_id.tracking_number")
    file_id = fields.Many2one(
        "creditbox.postal.file", string="From file", readonly=True, index=True
    )
    row = fields.Integer(readonly=True)
    note = fields.Char(readonly=True, help="What this event could not do, and why.")
    withdrawn = fields.Boolean(
        readonly=True, help="Entered by mistake: it does not count."
    )

    _once = models.UniqueIndex(
        "(action_id, code, cause, date)", "This event is already there."
    )
    _order_idx = models.Index("(date DESC, id DESC)")

    @api.model
    def _record(self, values_list):
        """Add events, leave out those already there, and let them work.

        :param values_list: list of dicts: action_id, outcome_id, code, cause, date …
        :return: recordset of the new ones
        """
        actions = self.env["creditbox.action"].browse(
            values["action_id"] for values in values_list
        )
        known = {
            (event.action_id.id, event.code, event.cause, event.date)
            for event in self.search([("action_id", "in", actions.ids)])
        }
        fresh = {}
        for values in values_list:
            cause = values.get("cause") or ""
            key = (values["action_id"], values["code"], cause, values["date"])
            if key not in known:
                fresh.setdefault(key, values | {"cause": cause})
        for values in fresh.values():
            action = actions.browse(values["action_id"])
            values["company_id"] = action.company_id.id
            values["partner_id"] = action.partner_id.id
        events = self.create(list(fresh.values()))
        events.action_id._apply_postal()
        events.action_id.letter_lot_id._note_accepted()
        return events

    def _key(self):
        """Strongest first, of equally strong ones the earliest, then as written."""
        return (-self.outcome_id.strength, self.date, self.code, self.cause, self.id)

    def _day(self):
        """:return: datetime.date where the company is"""
        return self.company_id._creditbox_local(self.date).date()

    def _text(self):
        """:return: str, the outcome with the supplier's code"""
        codes = " ".join(filter(None, (self.code, self.cause)))
        return f"{self.outcome_id.name} ({codes})"

    def action_withdraw(self):
        """It was a mistake: what the other events say counts.

        :raises AccessError: not a supervisor
        """
        self._require("creditbox_base.group_supervisor")
        events = self.filtered(lambda event: not event.withdrawn)
        events.sudo().withdrawn = True  # nobody may write events
        for event in events:
            event.action_id.sudo()._message_log(
                body=self.env._(
                    "Outcome withdrawn by %(user)s: %(event)s",
                    user=self.env.user.name,
                    event=event._text(),
                )
            )
        events.action_id._apply_postal()
