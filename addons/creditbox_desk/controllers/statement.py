from odoo.http import Controller, content_disposition, request, route

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class StatementController(Controller):
    @route(
        "/creditbox/statement/<int:partner_id>/<int:company_id>/<string:kind>",
        type="http",
        auth="user",
        readonly=True,
    )
    def statement(self, partner_id, company_id, kind):
        """Download the statement of account of a customer.

        :param kind: «pdf» or «xlsx»
        """
        if kind not in TYPES:
            return request.not_found()
        company = request.env["res.company"].browse(company_id)
        if company not in request.env.user.company_ids:
            return request.not_found()
        page = request.env["creditbox.customer.page"]
        # the companies ticked in the browser need not be among these
        page = page.with_context(allowed_company_ids=company.ids)
        name, content = page._statement_file(partner_id, company_id, kind)
        headers = [
            ("Content-Type", TYPES[kind]),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers)
