from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.creditbox_base.tools import sheet
from odoo.addons.creditbox_base.tools.upload import take
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

STEP = 30


class CasePortal(CustomerPortal):
    """Pages of the cases that the user's firm has: looked for among its own, then
    shown as the system.

    All portals merge into one class: whatever is here is called ``case…``.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "creditbox_case_count" in counters:
            cases = request.env["creditbox.case"]
            domain = cases._case_domain(request.env.user)
            values["creditbox_case_count"] = cases.sudo().search_count(domain)
        return values

    # -- whose -------------------------------------------------------------------

    def _case_require(self):
        """
        :return: creditbox.provider of the user's firm
        :raises NotFound: it is none
        """
        provider = request.env["creditbox.case"]._case_provider(request.env.user)
        if not provider:
            raise NotFound()
        return provider

    def _case_mine(self, case_id):
        """:raises NotFound: it is not there, or somebody else's: never say which"""
        case = request.env["creditbox.case"]._case_own(
            request.env.user, [("id", "=", case_id)]
        )
        if not case:
            raise NotFound()
        return case

    # -- what pages show -----------------------------------------------------------

    def _case_render(self, template, **values):
        return request.render(
            f"creditbox_legal_portal.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "creditbox_cases",
                "states": self._case_labels("creditbox.case", "state"),
                "kinds": self._case_labels("creditbox.case", "kind"),
                **values,
            },
            headers={
                "X-Frame-Options": "SAMEORIGIN",
                "Content-Security-Policy": "frame-ancestors 'self'",
                "Cache-Control": "no-store",
            },
        )

    def _case_labels(self, model, name):
        field = request.env[model]._fields[name]
        return dict(field._description_selection(request.env))

    # -- list ----------------------------------------------------------------------

    def _case_filtered(self, options):
        """:return: (Domain, {name: value} of what was chosen)"""
        chosen = {
            "state": options.get("state") or "",
            "kind": options.get("kind") or "",
            "search": (options.get("search") or "").strip()[:64],
        }
        domain = Domain.TRUE
        for name in ("state", "kind"):
            if chosen[name] in self._case_labels("creditbox.case", name):
                domain &= Domain(name, "=", chosen[name])
        if words := chosen["search"]:
            domain &= Domain.OR(
                Domain(name, "ilike", words)
                for name in (
                    *("name", "partner_id.name", "partner_id.creditbox_fiscal_code"),
                    *("partner_id.vat", "partner_id.city", "court_number"),
                )
            )
        return domain, chosen

    @route(
        ["/my/cases", "/my/cases/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def case_list(self, page=1, **options):
        self._case_require()
        return self._case_list_page(page, options)

    def _case_list_page(self, page, options, problem=None):
        cases, user = request.env["creditbox.case"], request.env.user
        domain, chosen = self._case_filtered(options)
        own = cases._case_domain(user)
        total = cases.sudo().search_count(own & domain)  # within the own
        arguments = {name: value for name, value in chosen.items() if value}
        pager = portal_pager(
            url="/my/cases", url_args=arguments, total=total, page=page, step=STEP
        )
        return self._case_render(
            "cases",
            cases=cases._case_own(
                user,
                domain,
                order="state desc, date_assigned desc, id desc",
                limit=STEP,
                offset=max(pager["offset"], 0),
            ),
            waiting=cases.sudo().search_count(own & Domain("state", "=", "assigned")),
            total=total,
            pager=pager,
            chosen=chosen,
            query=urlencode(arguments),
            accepted=options.get("accepted"),
            problem=problem,
        )

    # -- one case --------------------------------------------------------------------

    @route("/my/cases/<int:case_id>", type="http", auth="user", website=True)
    def case_one(self, case_id, sent=None, **_options):
        return self._case_page(self._case_mine(case_id), sent=sent)

    def _case_page(self, case, problem=None, sent=None, values=None):
        provider = case.provider_id
        return self._case_render(
            "case",
            case=case,
            crumb=case.name,
            debtor=case.partner_id.commercial_partner_id,
            bills=case._case_bills(),
            activities=case.activity_line_ids._case_shown(),
            terms=case.term_ids.filtered(lambda term: term.state == "open"),
            declared=case.declaration_ids.filtered(
                lambda one: one.provider_id == provider
            ),
            collections=case.collection_ids.filtered(
                lambda row: row.provider_id == provider
            ),
            messages=[
                (message, case.company_id._creditbox_local(message.date))
                for message in case._case_messages()
            ],
            types=case._case_types(),
            channels=self._case_labels("creditbox.case.declaration", "channel"),
            activity_states=self._case_labels("creditbox.case.activity", "state"),
            declared_states=self._case_labels("creditbox.case.declaration", "state"),
            today=case.company_id._creditbox_today(),
            values=values or {},
            problem=problem,
            sent=sent,
        )

    # -- what forms hold ---------------------------------------------------------------

    def _case_day(self, text):
        """:return: datetime.date, or None: no day"""
        try:
            return sheet.as_date(text)
        except ValueError:
            return None

    def _case_amount(self, text):
        """:return: float, or None: no amount"""
        try:
            return sheet.as_number((text or "").replace("€", "").strip())
        except ValueError:
            return None

    def _case_file(self, file):
        """:return: upload.Upload, or None
        :raises upload.Refused: it cannot be taken
        """
        return take(file.stream, file.filename) if file and file.filename else None

    def _case_why_refused(self, error):
        """:param error: upload.Refused"""
        return {
            "empty": request.env._("The file is empty."),
            "too_large": request.env._("The file is too large: at most 5 MB."),
            "kind": request.env._("Only PDF, JPG and PNG files can be sent."),
            "damaged": request.env._(
                "The file cannot be opened: it seems to be damaged."
            ),
        }[error.reason]
