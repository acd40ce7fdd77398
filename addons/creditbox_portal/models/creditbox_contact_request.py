from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_datetime

from odoo.addons.creditbox_base.tools import checks

# what can be changed, in the order of the page, with what checks it
CHECKS = {
    "email": lambda value, _country: checks.check_email(value),
    "creditbox_mobile": checks.check_mobile,
    "phone": checks.check_phone,
    "creditbox_pec": lambda value, _country: checks.check_pec(value),
    "creditbox_preferred_channel": None,
    "creditbox_bill_delivery": None,
    "creditbox_no_email": None,
}
NUMBERS = ("creditbox_mobile", "phone")


class CreditboxContactRequest(models.Model):
    """Changes of contact data and consents that a customer asks for.

    Nothing is written before an operator accepts it: a wrong address means bills and
    formal notices that do not arrive.
    """

    _name = "creditbox.contact.request"
    _description = "Request of Changed Contact Data"
    _inherit = ["creditbox.portal.request"]
    _activity_xmlid = "creditbox_portal.mail_activity_type_contact"

    line_ids = fields.One2many(
        "creditbox.contact.request.line", "request_id", string="Changes", readonly=True
    )
    state = fields.Selection(
        [
            ("requested", "To be checked"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("replaced", "Replaced by a later one"),
        ],
        required=True,
        default="requested",
        readonly=True,
        tracking=True,
    )

    _one_open = models.UniqueIndex(
        "(partner_id) WHERE state = 'requested'",
        "This customer has already asked for changes.",
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.env._(
                "Contact data of %s", request.partner_id.name
            )

    # ------------------------------------------------------------------
    # what the customer asks for
    # ------------------------------------------------------------------
    @api.model
    def _request(self, user, customer, values):
        """Ask for changes; the caller has checked whose data these are.

        :param user: res.users who asks
        :param customer: res.partner
        :param values: {name of a field of CHECKS: value, "" or False for none}
        :return: creditbox.contact.request
        :raises UserError: a value that is not valid, or nothing that changes
        """
        changes = self._changes(customer, values)
        if not changes:
            raise UserError(self.env._("Nothing has changed."))
        customer.lock_for_update()
        former = self.search(
            [("partner_id", "=", customer.id), ("state", "=", "requested")]
        )
        former._end("replaced")
        former.flush_recordset()
        request = self.create(
            {
                "partner_id": customer.id,
                "company_id": (customer.company_id or user.company_id).id,
                "user_id": user.id,
                "line_ids": [
                    Command.create(
                        {"name": name, "old_value": old or False, "new_value": new}
                    )
                    for name, (old, new) in changes.items()
                ],
            }
        )
        request._ask_office()
        return request

    @api.model
    def _changes(self, customer, values):
        """
        :return: {field: (old, new)} of what differs
        :raises UserError: a value that is not valid
        """
        changes = {}
        for name in CHECKS:
            if name not in values:
                continue
            new = self._clean(customer, name, values[name])
            old = customer[name] or False
            if new != old:
                changes[name] = (self._as_text(old), self._as_text(new))
        return changes

    def _clean(self, customer, name, value):
        field = self.env["res.partner"]._fields[name]
        if field.type == "boolean":
            return bool(value)
        value = (value or "").strip()
        if field.type == "selection":
            if value and value not in dict(field._description_selection(self.env)):
                raise UserError(self.env._("Choose one of the values."))
            return value or False
        country = customer.country_id.code or "IT"
        if problem := CHECKS[name](value, country):
            raise UserError(str(problem))
        if name in NUMBERS and value:
            return checks.normalize_phone(value, country)
        return value or False

    def _as_text(self, value):
        return "1" if value is True else value or False

    # ------------------------------------------------------------------
    # what the office does
    # ------------------------------------------------------------------
    def action_accept(self):
        """Write the changes on the customer, and there what was asked by whom."""
        self._require("creditbox_base.group_operator")
        for request in self.filtered(lambda r: r.state == "requested"):
            changes = {line.name: line._value() for line in request.line_ids}
            request.partner_id.write(changes)
            request.partner_id._message_log(body=request._evidence())
            request._end("accepted")

    def _evidence(self):
        """:return: Markup, what the customer has asked for and when"""
        # who asked is a user of the portal, whom the office has no right to read
        head = self.env._(
            "Asked for by %(user)s in the customer's area on %(moment)s:",
            user=self.sudo().user_id.name,
            moment=format_datetime(self.env, self.create_date),
        )
        lines = Markup().join(
            Markup("<li>%s: %s → %s</li>")
            % (line.label, line.old_label or "–", line.new_label or "–")
            for line in self.line_ids
        )
        return Markup("%s<ul>%s</ul>") % (head, lines)

    def action_refuse(self):
        """
        :raises UserError: without the reason that the customer reads
        """
        self._require("creditbox_base.group_operator")
        refused = self.filtered(lambda r: r.state == "requested")
        refused._require_refusal()
        refused._end("refused")
