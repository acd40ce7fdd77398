import datetime

from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route

from .common import CreditboxPortal


class CreditboxPortalBills(CreditboxPortal):
    def _bills_domain(self, customers=None):
        customers = customers or self._creditbox_customers()
        return Domain(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ]
        )

    def _bills_choices(self):
        today = request.env.company._creditbox_today()
        open_bills = Domain("amount_residual", "!=", 0) & Domain(
            "move_type", "=", "out_invoice"
        )
        return {
            "filterby": {
                "all": {"label": request.env._("All the bills"), "domain": Domain.TRUE},
                "open": {"label": request.env._("To pay"), "domain": open_bills},
                "overdue": {
                    "label": request.env._("Overdue bills"),
                    "domain": open_bills & Domain("invoice_date_due", "<", today),
                },
                "closed": {
                    "label": request.env._("Nothing to pay"),
                    "domain": Domain("amount_residual", "=", 0),
                },
            },
            "sortby": {
                "date": {
                    "label": request.env._("Latest first"),
                    "order": "invoice_date desc, id desc",
                },
                "due": {
                    "label": request.env._("Oldest due date first"),
                    "order": "invoice_date_due, id",
                },
                "open": {
                    "label": request.env._("Highest open amount first"),
                    "order": "amount_residual desc, id desc",
                },
            },
        }

    @route(
        ["/my/bills", "/my/bills/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def bills(self, page=1, **options):
        """The list of bills: ?filterby= &sortby= &customer="""
        customers = self._creditbox_customers(options.get("customer"))
        moves, values = self._creditbox_list(
            "account.move",
            self._bills_domain(customers),
            "/my/bills",
            page,
            options,
            self._bills_choices(),
        )
        return self._creditbox_page(
            "bills",
            "creditbox_bills",
            bills=moves._creditbox_portal_bills(),
            sums=self._sums(customers),
            customer=customers if len(customers) == 1 else None,
            **values,
        )

    def _sums(self, customers):
        """What is to pay in all: list of (currency, {overdue, not_due, credit}).

        As the system: positions hold the office's notes too, see creditbox.outlook.
        """
        positions = request.env["creditbox.position"].sudo()
        return positions._read_group(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "in", request.env.user.company_ids.ids),
            ],
            ["currency_id"],
            ["amount_overdue:sum", "amount_not_due:sum", "amount_credit:sum"],
        )

    def _creditbox_bill(self, bill_id, access_token):
        """
        :return: account.move as the system: read it only, it is this bill alone
        :raises NotFound: neither the user's nor opened by its token
        """
        try:
            move = self._document_check_access("account.move", bill_id, access_token)
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        bill_types = ("out_invoice", "out_refund")
        if move.state != "posted" or move.move_type not in bill_types:
            raise NotFound()
        return move

    @route(
        ["/my/bills/<int:bill_id>"],
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def bill(self, bill_id, access_token=None, **options):
        """One bill; with the token of the bill also for whoever is not logged in."""
        move = self._creditbox_bill(bill_id, access_token)
        [bill] = move._creditbox_portal_bills()
        return self._creditbox_page(
            "bill",
            "creditbox_bill",
            bill=bill,
            pdf=move._creditbox_pdf(),
            qr=bill.payable and move._creditbox_qr(),
            access_token=access_token,
            is_own=self._is_own(move),
            days_left=self._days_left(bill),
            payments=self._paid_by(move),
        )

    def _is_own(self, move):
        return move.commercial_partner_id in self._creditbox_customers()

    def _days_left(self, bill):
        return (bill.due - bill.move.company_id._creditbox_today()).days

    def _paid_by(self, move):
        """:return: list of (date, amount, is a payment) of what has lowered the bill"""
        lines = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        partials = lines.matched_credit_ids | lines.matched_debit_ids
        found = []
        for partial in partials:
            other = (partial.credit_move_id | partial.debit_move_id) - lines
            found.append((other.date, partial.amount, bool(other.payment_id)))
        return sorted(found, key=lambda row: row[0] or datetime.date.min)

    @route(
        ["/my/bills/<int:bill_id>/pdf"],
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def bill_pdf(self, bill_id, access_token=None, **options):
        """The PDF of the bill, and of nothing else."""
        file = self._creditbox_bill(bill_id, access_token)._creditbox_pdf()
        if not file:
            raise NotFound()
        stream = file._to_http_stream()
        number = file.env["account.move"].browse(bill_id)._creditbox_number()
        stream.download_name = f"{number.replace('/', '-')}.pdf"
        return stream.get_response(as_attachment=True)
