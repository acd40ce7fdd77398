from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CreditboxStop(models.Model):
    """A tax code that no company of the group may pursue until a day.

    The entry itself stops nothing: it puts the customers with that code on hold, in
    each company that has one, now or later. So whatever respects holds respects it,
    each company sees only its own hold, and may release it.
    """

    _name = "creditbox.stop"
    _inherit = ["mail.thread"]
    _description = "Entry of the Group's Stop List"
    _order = "date_to desc, id desc"
    _rec_names_search = ["code", "name"]

    code = fields.Char(
        string="Tax Code or VAT",
        required=True,
        tracking=True,
        help="Codice fiscale or partita IVA, as on the master data.",
    )
    name = fields.Char(required=True, help="Of the person or the company.")
    company_id = fields.Many2one(
        "res.company",
        string="Entered by",
        required=True,
        readonly=True,
        default=lambda self: self._default_company_id(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self._default_user_id(),
        tracking=True,
    )
    reason_id = fields.Many2one(
        "creditbox.hold.reason",
        required=True,
        domain=[("company_id", "=", False)],
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    note = fields.Text(string="Notes")
    state = fields.Selection(
        [("active", "In Force"), ("ended", "Ended")],
        required=True,
        default="active",
        readonly=True,
        copy=False,
        tracking=True,
    )
    hold_ids = fields.One2many("creditbox.hold", "stop_id", string="Holds")
    hold_count = fields.Integer(compute="_compute_hold_count")

    _code_uniq = models.UniqueIndex(
        "(code) WHERE state = 'active'", "This code is on the stop list already."
    )
    _dates_check = models.Constraint(
        "CHECK(date_from <= date_to)", "An entry cannot end before it starts."
    )

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_date_from(self):
        return self.env.company._creditbox_today()

    @api.depends("code", "name")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = f"{stop.code} – {stop.name}"

    def _compute_hold_count(self):
        counts = dict(
            self.env["creditbox.hold"]._read_group(
                [("stop_id", "in", self.ids)], ["stop_id"], ["__count"]
            )
        )
        for stop in self:
            stop.hold_count = counts.get(stop._origin, 0)

    @api.constrains("reason_id")
    def _check_reason(self):
        for stop in self:
            if stop.reason_id.company_id:
                raise ValidationError(
                    self.env._(
                        "The reason “%s” is one company's own: the group needs one that"
                        " all share.",
                        stop.reason_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        stops = super().create([self._with_tidy_code(vals) for vals in vals_list])
        stops._apply()
        return stops

    def write(self, vals):
        result = super().write(self._with_tidy_code(vals))
        if not vals.keys().isdisjoint(("code", "reason_id", "date_from", "date_to")):
            self._follow(vals)
        return result

    @api.model
    def _with_tidy_code(self, vals):
        return {**vals, "code": self._tidy(vals["code"])} if vals.get("code") else vals

    @api.model
    def _tidy(self, code):
        """:return: the code without spaces, small letters and the country's prefix"""
        code = "".join((code or "").split()).upper()
        return code.removeprefix("IT") if code.removeprefix("IT").isdigit() else code

    def _apply(self, customers=None):
        """Hold the customers who have these codes, where this entry does not yet.

        :param customers: only these, by default whoever has one of the codes
        """
        # Of any company: whoever enters a code need not see who has that customer.
        stops = self.sudo().filtered(lambda stop: stop.state == "active")
        holds = stops.env["creditbox.hold"]
        if customers is None:
            customers = stops._find_customers()
        values = [
            stop._hold_values(customer, company)
            for stop in stops
            for customer in customers.sudo()
            if stop.code in stop._codes(customer)
            for company in stop._companies(customer)
            if (customer, company)
            not in [(hold.partner_id, hold.company_id) for hold in stop.hold_ids]
        ]
        return holds.create(values)

    def _find_customers(self):
        codes = self.mapped("code")
        has_code = Domain("creditbox_fiscal_code", "in", self._spellings(codes))
        has_vat = Domain("vat", "in", self._spellings(codes))
        return self.env["res.partner"].search(
            Domain("parent_id", "=", False) & (has_code | has_vat)
        )

    @api.model
    def _spellings(self, codes):
        return [form for code in codes for form in (code, code.lower(), f"IT{code}")]

    @api.model
    def _codes(self, customer):
        return {self._tidy(customer.creditbox_fiscal_code), self._tidy(customer.vat)}

    @api.model
    def _companies(self, customer):
        return customer.company_id or customer.creditbox_position_ids.company_id

    def _hold_values(self, customer, company):
        return {
            "level": "customer",
            "partner_id": customer.id,
            "company_id": company.id,
            "stop_id": self.id,
            "note": self.env._("Stop list of the group: %s", self.display_name),
            **self._shared_values(),
        }

    def _shared_values(self):
        return {
            "reason_id": self.reason_id.id,
            "user_id": self.user_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }

    def _follow(self, vals):
        """The holds that nobody has released change as the entries have."""
        for stop in self.sudo():  # the holds of all companies
            holds = stop.hold_ids.filtered(lambda hold: hold.state == "active")
            if "code" in vals:
                holds.action_release()
            else:
                holds.write(stop._shared_values())
        self._apply()

    def action_end(self):
        """Take the codes off the list: the holds that they have made end."""
        stops = self.filtered(lambda stop: stop.state == "active")
        stops.state = "ended"
        stops.flush_recordset(["state"])  # the code may be entered anew
        stops.sudo().hold_ids.action_release()  # the holds of all companies

    def action_open_holds(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.creditbox_hold_action"
        )
        return dict(action, domain=[("stop_id", "in", self.ids)], context={})

    @api.model
    def _cron_apply(self):
        """Every night: end what is over, hold whom other ways have let through."""
        active = self.search([("state", "=", "active")])
        over = active.filtered(
            lambda stop: stop.date_to < stop.company_id._creditbox_today()
        )
        over.state = "ended"
        (active - over)._apply()

    @api.model
    def _apply_to(self, customers):
        """Customers who are new, or have a new code."""
        customers = customers.commercial_partner_id
        codes = set().union(*(self._codes(customer) for customer in customers))
        # Whoever enters a customer need not see the list.
        stops = self.sudo().search(
            [("state", "=", "active"), ("code", "in", list(codes - {""}))]
        )
        stops._apply(customers)
