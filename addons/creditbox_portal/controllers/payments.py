from collections import defaultdict
from datetime import date

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.creditbox_base.tools.upload import Refused
from odoo.addons.creditbox_dunning.models.creditbox_account_statement import MONTHS

from .common import CreditboxPortal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CreditboxPortalPayments(CreditboxPortal):
    # ------------------------------------------------------------------
    # payments
    # ------------------------------------------------------------------
    def _payments_domain(self, customers=None):
        customers = customers or self._creditbox_customers()
        return Domain(
            [
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("partner_type", "=", "customer"),
                ("state", "in", ("in_process", "paid")),
            ]
        )

    @route(
        ["/my/payments", "/my/payments/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def payments(self, page=1, **options):
        customers = self._creditbox_customers(options.get("customer"))
        payments, values = self._creditbox_list(
            "account.payment",
            self._payments_domain(customers),
            "/my/payments",
            page,
            options,
        )
        return self._creditbox_page(
            "payments",
            "creditbox_payments",
            payments=self._what_they_paid(payments),
            declarations=self._declarations(customers),
            sent=options.get("sent"),
            customer=customers if len(customers) == 1 else None,
            **values,
        )

    def _what_they_paid(self, payments):
        """:return: list of (payment, bills that it paid, what it has not covered yet)

        Matchings are read as the system: customers have no rights on them, and these
        are the matchings of payments that are theirs.
        """
        lines = payments.sudo().move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        paid_moves = lines.matched_debit_ids.debit_move_id.move_id
        paid_moves.fetch(["name", "creditbox_ref"])  # of all payments at once
        by_move = lines.grouped("move_id")
        rows = []
        for payment in payments:
            own = by_move.get(payment.sudo().move_id, lines.browse())
            paid = (own.matched_debit_ids.debit_move_id - own).move_id
            left = -sum(own.mapped("amount_residual"))
            rows.append((payment, paid, max(left, 0)))
        return rows

    def _declarations(self, customers):
        return request.env["creditbox.payment.declaration"].search(
            [("partner_id", "in", customers.ids)], limit=10
        )

    # ------------------------------------------------------------------
    # statement
    # ------------------------------------------------------------------
    def _accounts(self, customers):
        """:return: list of (customer, company), one for each account"""
        groups = (
            request.env["creditbox.position"]
            .sudo()  # which accounts there are, no more
            ._read_group(
                [
                    ("partner_id", "in", customers.ids),
                    ("company_id", "in", request.env.user.company_ids.ids),
                ],
                ["partner_id", "company_id"],
            )
        )
        return groups

    @route(["/my/statement"], type="http", auth="user", website=True, readonly=True)
    def statement(self, **options):
        accounts = self._accounts(self._creditbox_customers(options.get("customer")))
        return self._creditbox_page(
            "statement", "creditbox_statement", accounts=accounts, months=MONTHS
        )

    @route(
        ["/my/statement/<int:customer_id>/<int:company_id>.<string:kind>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def statement_file(self, customer_id, company_id, kind, **options):
        """The statement as PDF or workbook."""
        account = [
            (customer, company)
            for customer, company in self._accounts(self._creditbox_customers())
            if (customer.id, company.id) == (customer_id, company_id)
        ]
        if not account or kind not in ("pdf", "xlsx"):
            raise NotFound()
        [(customer, company)] = account
        statements = request.env["creditbox.account.statement"]
        name, content = statements._file(customer, company, kind)
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf" if kind == "pdf" else XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    # ------------------------------------------------------------------
    # declared payments
    # ------------------------------------------------------------------
    @route(["/my/declare"], type="http", auth="user", website=True, readonly=True)
    def declare(self, bill=None, **options):
        """The form to declare a payment: ?bill= is ticked beforehand."""
        return self._declare_page(chosen=bill)

    def _declare_page(self, chosen=None, **values):
        groups = self._payable()
        ticked = {str(chosen)} if chosen else set(values.get("ticked", ()))
        model = request.env["creditbox.payment.declaration"]
        methods = model._fields["method"]._description_selection(request.env)
        today = request.env.company._creditbox_today()
        defaults = {
            "error": None,
            "amount": "",
            "date_paid": today.isoformat(),
            "method": "",
            "reference": "",
        }
        return self._creditbox_page(
            "declare",
            "creditbox_declare",
            groups=groups,
            methods=methods,
            today=today,
            **{**defaults, **values, "ticked": ticked},
        )

    def _payable(self):
        """:return: {(customer, company): list of PortalBill to pay, oldest first}"""
        open_bills = Domain("amount_residual", ">", 0) & Domain(
            "move_type", "=", "out_invoice"
        )
        moves = request.env["account.move"].search(
            self._bills_domain() & open_bills, order="invoice_date_due, id", limit=200
        )
        groups = defaultdict(list)
        for bill in moves._creditbox_portal_bills():
            key = bill.move.sudo().commercial_partner_id, bill.move.company_id
            groups[key].append(bill)
        return dict(groups)

    @route(
        ["/my/declare/send"], type="http", auth="user", website=True, methods=["POST"]
    )
    def send_declaration(self, receipt=None, **form):
        ticked = request.httprequest.form.getlist("bills")
        try:
            values = self._declared_values(form)
            moves = request.env["account.move"].browse(
                self._creditbox_own("account.move", int(bill)).id for bill in ticked
            )
            if moves.sudo().commercial_partner_id - self._creditbox_customers():
                raise NotFound()
            file = self._creditbox_upload(receipt)
            # taken by the system: customers cannot write declarations and holds
            model = request.env["creditbox.payment.declaration"].sudo()
            with request.env.cr.savepoint():
                model._declare(request.env.user, moves.sudo(), values, file)
        except Refused as error:
            problem = self._creditbox_why_refused(error)
        except UserError as error:
            problem = str(error)
        else:
            return request.redirect("/my/payments?sent=1")
        known = ("amount", "date_paid", "method", "reference")
        return self._declare_page(
            error=problem,
            ticked=ticked,
            **{name: form[name] for name in known if name in form},
        )

    def _declared_values(self, form):
        """
        :raises UserError: something is missing, in words for the customer
        """
        try:
            amount = round(self._creditbox_number(form.get("amount")), 2)
        except ValueError as error:
            raise UserError(request.env._("Write how much you have paid.")) from error
        try:
            day = date.fromisoformat(form.get("date_paid") or "")
        except ValueError as error:
            raise UserError(
                request.env._("Write the day on which you paid.")
            ) from error
        model = request.env["creditbox.payment.declaration"]
        methods = dict(model._fields["method"]._description_selection(request.env))
        if form.get("method") not in methods:
            raise UserError(request.env._("Choose how you paid."))
        return {
            "amount": amount,
            "date_paid": day,
            "method": form["method"],
            "reference": (form.get("reference") or "").strip()[:100] or False,
        }
