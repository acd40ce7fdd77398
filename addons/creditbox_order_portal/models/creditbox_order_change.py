from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.creditbox_utility.models.fsm_order import OPEN_STATES

ACTIVITY = "creditbox_order_portal.mail_activity_type_change"


class CreditboxOrderChange(models.Model):
    """What a client company asks to change of an order already made.

    Only buttons change it; the office writes the answer alone.
    """

    _name = "creditbox.order.change"
    _description = "Change Asked for of an Order at the Meter"
    _inherit = ["mail.thread", "mail.activity.mixin", "creditbox.guarded"]
    _order = "id desc"
    _mail_post_access = "read"

    order_id = fields.Many2one(
        "fsm.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", string="Asked for by", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Client company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [
            ("date", "Another day"),
            ("address", "Note on the address"),
            ("contact", "Contact on the spot"),
            ("cancel", "Stop and take back"),
        ],
        required=True,
        readonly=True,
    )
    wanted_date = fields.Date(string="Day wanted", readonly=True)
    note = fields.Text(string="What the client says", readonly=True)
    state = fields.Selection(
        [
            ("requested", "To be answered"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        default="requested",
        readonly=True,
        tracking=True,
    )
    answer = fields.Text(help="The client reads it. Write it before refusing.")

    _one_open = models.UniqueIndex(
        "(order_id, kind) WHERE state = 'requested'",
        "The same change has been asked for and waits for an answer.",
    )

    @api.depends("order_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            # a portal order's name only
            change.display_name = f"{change.sudo().order_id.name}: {kinds[change.kind]}"

    def write(self, vals):
        if not self.env.su and any(
            name in self._fields and self._fields[name].readonly for name in vals
        ):
            raise AccessError(self.env._("What a client has asked is not changed."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # the client
    # ------------------------------------------------------------------
    @api.model
    def _ask_for(self, user, order, values):
        """Ask for a change; the caller has checked whose order it is.

        Asked again while it waits, the one that waits is given back.

        :param values: {``kind``, ``wanted_date`` (datetime.date or None), ``note``}
        :return: creditbox.order.change
        :raises UserError: an order that has ended; nothing said
        """
        kind, day = values.get("kind"), values.get("wanted_date")
        note = (values.get("note") or "").strip()
        if kind not in dict(self._fields["kind"].selection):
            raise UserError(self.env._("Choose what is to be changed."))
        if order.creditbox_state not in OPEN_STATES:
            raise UserError(
                self.env._("Order %s has ended: nothing can be changed.", order.name)
            )
        if kind == "date" and not day:
            raise UserError(self.env._("Say which day is wanted."))
        if kind == "date" and day < order.company_id._creditbox_today():
            raise UserError(self.env._("This day has passed."))
        if kind != "date" and not note:
            raise UserError(self.env._("Say what is to be changed, and why."))
        order.lock_for_update()
        known = self.search(
            [
                ("order_id", "=", order.id),
                ("kind", "=", kind),
                ("state", "=", "requested"),
            ]
        )
        if known:
            return known
        change = self.create(
            {
                "order_id": order.id,
                "user_id": user.id,
                "partner_id": user.commercial_partner_id.id,
                "kind": kind,
                "wanted_date": day if kind == "date" else False,
                "note": note,
            }
        )
        change._ask_office()
        return change

    def _ask_office(self):
        for change in self:
            order = change.order_id
            who = order.creditbox_position_id._who_answers(order.creditbox_user_id)
            order._message_log(
                body=change.env._(
                    "The client asks: %(what)s %(day)s %(note)s",
                    what=dict(
                        change._fields["kind"]._description_selection(change.env)
                    )[change.kind],
                    day=change.wanted_date or "",
                    note=change.note or "",
                )
            )
            change.with_context(lang=who.lang or self.env.lang).activity_schedule(
                ACTIVITY,
                date_deadline=order.company_id._creditbox_today(),
                user_id=who.id,
            )

    # ------------------------------------------------------------------
    # the office
    # ------------------------------------------------------------------
    def action_approve(self):
        """Do what was asked for, and tell the client.

        :raises UserError: what the law, or the order's state, no longer allows
        """
        self._require("creditbox_base.group_operator")
        for change in self.filtered(lambda c: c.state == "requested"):
            change.order_id._require("creditbox_base.group_operator")
            change._carry_out()
            change._end("approved")

    def _carry_out(self):
        order = self.order_id
        if self.kind == "date":
            order._plan_anew(self.wanted_date)
        elif self.kind == "cancel":
            if order.creditbox_state not in OPEN_STATES:
                raise UserError(order._refused_transition("recalled"))
            order._take_back(self.note)
        else:
            # planning text of Field Service, which the crew reads
            order.sudo().todo = (order.todo or Markup()) + plaintext2html(self.note)

    def action_refuse(self):
        """
        :raises UserError: without the answer that the client reads
        """
        self._require("creditbox_base.group_operator")
        refused = self.filtered(lambda c: c.state == "requested")
        if any(not (change.answer or "").strip() for change in refused):
            raise UserError(self.env._("Write the answer first: the client reads it."))
        refused._end("refused")

    def _end(self, state):
        """As the system: nobody may write what a client has asked."""
        self.sudo().state = state
        self.sudo().activity_feedback([ACTIVITY])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for change in self:
            change.order_id._message_log(
                body=f"{change.display_name}: {labels[state]} {change.answer or ''}"
            )
        self.order_id._tell_portals()
