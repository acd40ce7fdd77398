"""Recommendations on a customer's master data: what is missing or doubtful, each with
the button that mends it.

A check is a method ``_check_<code>`` that yields what it has found, and a method
``_mend_<code>`` that returns the action of its button. Add both, and the code to
``_codes``, to have another one.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.creditbox_base.tools import checks


class CreditboxCustomerCheck(models.AbstractModel):
    _name = "creditbox.customer.check"
    _description = "Checks of a Customer's Data"

    def _codes(self):
        """:return: list of the codes, the gravest first"""
        return [
            "contact",
            "failed",
            "fiscal_code",
            "vat",
            "email",
            "mobile",
            "pec",
            "address",
            "iban",
            "twin",
            "operator",
            "meter",
            "supply_code",
        ]

    def _found(self, partner, company):
        """Return the findings, in the user's language.

        :return: list of dicts: code, style, text, button, id (of what is to be mended)
        """
        return [
            {"code": code, "style": "warning", "id": partner.id, **finding}
            for code in self._codes()
            for finding in getattr(self, f"_check_{code}")(partner, company) or ()
        ]

    @api.model
    def mend(self, partner_id, company_id, code, record_id):
        """Do what the button of a finding says.

        :param record_id: as the finding names it
        :return: action, or False when all is done
        """
        if code not in self._codes():
            raise UserError(self.env._("There is no such check."))
        page = self.env["creditbox.customer.page"]
        partner, company = page._customer(partner_id, company_id)
        self.env["creditbox.promise"]._require("creditbox_base.group_operator")
        return getattr(self, f"_mend_{code}")(partner, company, record_id)

    # -- how to reach him ----------------------------------------------------------

    def _check_contact(self, partner, _company):
        reached = (
            partner.creditbox_has_email,
            partner.creditbox_has_mobile,
            partner.creditbox_has_pec,
        )
        if not any(reached):
            yield {
                "style": "danger",
                "text": self.env._(
                    "No valid contact: neither e-mail nor mobile nor PEC work."
                ),
                "button": self.env._("Enter a contact"),
            }

    def _check_email(self, partner, _company):
        problem = checks.check_email(partner.email)
        if problem or not partner.email:
            yield {
                "text": self.env._(problem) if problem else self.env._("No e-mail."),
                "button": self.env._("Enter"),
            }

    def _check_mobile(self, partner, _company):
        country = partner.country_id.code or "IT"
        problem = checks.check_mobile(partner.creditbox_mobile, country)
        if problem or not partner.creditbox_mobile:
            yield {
                "text": self.env._(problem) if problem else self.env._("No mobile."),
                "button": self.env._("Enter"),
            }

    def _check_pec(self, partner, _company):
        problem = checks.check_pec(partner.creditbox_pec)
        if problem or (partner.is_company and not partner.creditbox_pec):
            yield {
                "text": self.env._(problem)
                if problem
                else self.env._("Company without PEC."),
                "button": self.env._("Enter"),
            }

    def _check_failed(self, partner, _company):
        channels = self.env["creditbox.channel"]._channels()
        for failed in partner.creditbox_failed_address_ids:
            if failed.address in channels[failed.kind]._addresses(partner):
                yield {
                    "style": "danger",
                    "text": self.env._(
                        "%(address)s no longer works: %(reason)s",
                        address=failed.address,
                        reason=failed.reason or "",
                    ),
                    "button": self.env._("Correct"),
                }

    def _check_address(self, partner, _company):
        if not (partner.street and partner.city and partner.zip):
            yield {
                "text": self.env._("Incomplete address: letters cannot be delivered."),
                "button": self.env._("Complete"),
            }

    def _mend_contact(self, partner, _company, _record_id):
        return self._form(
            partner,
            "creditbox_desk.res_partner_view_form_contacts",
            self.env._("Contacts"),
        )

    _mend_email = _mend_mobile = _mend_pec = _mend_failed = _mend_contact
    _mend_address = _mend_contact

    # -- who he is -----------------------------------------------------------------

    def _check_fiscal_code(self, partner, _company):
        problem = checks.check_fiscal_code(partner.creditbox_fiscal_code)
        if problem or not (partner.creditbox_fiscal_code or partner.vat):
            yield {
                "text": self.env._(problem)
                if problem
                else self.env._("No fiscal code."),
                "button": self.env._("Correct") if problem else self.env._("Enter"),
            }

    def _check_vat(self, partner, _company):
        country = partner.country_id.code or "IT"
        problem = checks.check_vat(partner.vat) if country == "IT" else None
        if problem or (partner.is_company and not partner.vat):
            yield {
                "text": self.env._(problem)
                if problem
                else self.env._("Company without VAT number."),
                "button": self.env._("Correct") if problem else self.env._("Enter"),
            }

    def _check_twin(self, partner, _company):
        twins = self._twins(partner)
        if twins:
            yield {
                "text": self.env._(
                    "Same fiscal code as %s.",
                    ", ".join(twin.creditbox_code or twin.name for twin in twins[:3]),
                ),
                "button": self.env._("Compare and merge"),
            }

    def _twins(self, partner):
        if not partner.creditbox_fiscal_code:
            return partner.browse()
        return partner.search(
            Domain("creditbox_fiscal_code", "=", partner.creditbox_fiscal_code)
            & Domain("company_id", "=", partner.company_id.id)
            & Domain("parent_id", "=", False)
            & Domain("id", "!=", partner.id),
            limit=10,
        )

    def _mend_fiscal_code(self, partner, _company, _record_id):
        return self._form(
            partner,
            "creditbox_desk.res_partner_view_form_identity",
            self.env._("Identity"),
        )

    _mend_vat = _mend_fiscal_code

    def _mend_twin(self, partner, _company, _record_id):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_base.res_partner_action"
        )
        same = partner | self._twins(partner)
        return dict(action, domain=[("id", "in", same.ids)], context={})

    # -- bank, operator, supplies --------------------------------------------------

    def _check_iban(self, partner, _company):
        for bank in partner.bank_ids:
            if problem := checks.check_iban(bank.acc_number):
                yield {
                    "text": self.env._(problem),
                    "button": self.env._("Correct"),
                    "id": bank.id,
                }

    def _mend_iban(self, partner, _company, record_id):
        bank = partner.bank_ids.filtered(lambda bank: bank.id == record_id)
        return self._form(bank, False, self.env._("Bank account"))

    def _check_operator(self, partner, company):
        if self._unassigned(partner, company):
            yield {
                "style": "info",
                "text": self.env._("Nobody follows what is overdue."),
                "button": self.env._("I take it"),
            }

    def _unassigned(self, partner, company):
        return self.env["creditbox.position"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("user_id", "=", False),
                ("amount_overdue", ">", 0),
            ]
        )

    def _mend_operator(self, partner, company, _record_id):
        self._unassigned(partner, company)._assign(self.env.user)
        return False

    def _supplies(self, partner, company):
        return self.env["creditbox.supply"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=50
        )

    def _check_meter(self, partner, company):
        today = company._creditbox_today()
        bare = self._supplies(partner, company).filtered(
            lambda s: not s.meter_id and not (s.date_end and s.date_end < today)
        )
        for supply in bare[:3]:
            yield {
                "style": "info",
                "text": self.env._("Supply %s has no meter.", supply.code),
                "button": self.env._("Enter"),
                "id": supply.id,
            }

    def _check_supply_code(self, partner, company):
        wrong = self._supplies(partner, company).filtered("code_warning")
        for supply in wrong[:3]:
            yield {
                "text": supply.code_warning,
                "button": self.env._("Correct"),
                "id": supply.id,
            }

    def _mend_meter(self, partner, company, record_id):
        supply = self._supplies(partner, company).filtered(lambda s: s.id == record_id)
        view = "creditbox_desk.creditbox_supply_view_form_short"
        return self._form(supply, view, self.env._("Supply"))

    _mend_supply_code = _mend_meter

    def _form(self, record, view, name):
        """:return: window with the small form of what is to be mended"""
        if not record:
            raise UserError(self.env._("This is no longer there."))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(self.env.ref(view).id if view else False, "form")],
            "target": "new",
        }
