"""What all pages of the customer's area have in common."""

import math

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount
from odoo.addons.creditbox_base.tools import upload
from odoo.addons.portal.controllers.portal import pager as portal_pager


class CreditboxPortal(PortalAccount):
    """Pages read with the rights of the user: the access rules say what is theirs."""

    _creditbox_step = 20

    # ------------------------------------------------------------------
    # whose data
    # ------------------------------------------------------------------
    def _creditbox_customers(self, chosen=None):
        """The customers whose data the user may see.

        :param chosen: id of one of them, as text of the address
        :return: res.partner, as the system: pages show their names and contact data
        """
        customers = request.env.user.creditbox_portal_customer_ids.sudo()
        one = customers.filtered(lambda customer: str(customer.id) == chosen)
        return one or customers

    def _creditbox_one_customer(self, chosen=None):
        """:return: the chosen customer, the user's own unless another is chosen"""
        own = request.env.user.commercial_partner_id.sudo()
        customers = self._creditbox_customers(chosen)
        return customers if len(customers) == 1 else own

    def _creditbox_own(self, model, record_id):
        """A record that the user may read.

        :raises NotFound: it is not there, or it is somebody else's: never say which
        """
        record = request.env[model].browse(record_id)
        try:
            record.check_access("read")
            found = record.exists()
        except (AccessError, MissingError):
            found = None
        if not found:
            raise NotFound()
        return found

    # ------------------------------------------------------------------
    # lists
    # ------------------------------------------------------------------
    def _creditbox_list(self, model, domain, url, page, options=None, choices=None):
        """One page of a list, sorted and filtered.

        :param options: parameters of the address
        :param choices: {"sortby"/"filterby": {key: {label, order/domain}}}
        :return: (records, values of the template)
        """
        options, choices = options or {}, choices or {}
        chosen = {
            name: options.get(name) if options.get(name) in found else next(iter(found))
            for name, found in choices.items()
        }
        if "filterby" in chosen:
            domain = domain & choices["filterby"][chosen["filterby"]]["domain"]
        order = choices["sortby"][chosen["sortby"]]["order"] if choices else None
        records = request.env[model]
        total = records.search_count(domain)
        arguments = {**chosen, "customer": options.get("customer")}
        pager = portal_pager(
            url=url,
            url_args={name: value for name, value in arguments.items() if value},
            total=total,
            page=page,
            step=self._creditbox_step,
        )
        found = records.search(
            domain,
            order=order,
            limit=self._creditbox_step,
            offset=max(pager["offset"], 0),
        )
        return found, {
            "pager": pager,
            "total": total,
            "choices": choices,
            "chosen": chosen,
            "list_url": url,
        }

    def _creditbox_page(self, template, page_name, **values):
        """:return: response"""
        customers = self._creditbox_customers()
        return request.render(
            f"creditbox_portal.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": page_name,
                "customers": customers,
                "companies": request.env.user.company_ids,
                **values,
            },
            headers={
                "X-Frame-Options": "SAMEORIGIN",
                "Content-Security-Policy": "frame-ancestors 'self'",
                "Cache-Control": "no-store",
            },
        )

    # ------------------------------------------------------------------
    # what is sent
    # ------------------------------------------------------------------
    def _creditbox_upload(self, file, kinds=("pdf", "jpg", "png")):
        """
        :param file: werkzeug FileStorage, or None
        :return: upload.Upload
        :raises upload.Refused: it cannot be taken
        """
        if not file:
            raise upload.Refused("empty")
        return upload.take(file.stream, file.filename, kinds)

    def _creditbox_why_refused(self, error):
        """:return: str, words for the customer"""
        return {
            "empty": request.env._("Add the file with the receipt."),
            "too_large": request.env._("The file is too large: at most 5 MB."),
            "kind": request.env._("Only PDF, JPG and PNG files can be sent."),
            "damaged": request.env._(
                "The file cannot be opened: it seems to be damaged."
            ),
        }[error.reason]

    def _creditbox_number(self, text):
        """A figure as Italians and others write it: 1.234,5 or 1234.5.

        :return: float
        :raises ValueError: it is no figure
        """
        text = (text or "").strip().replace(" ", "").replace("€", "")
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
