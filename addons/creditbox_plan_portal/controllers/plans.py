from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.creditbox_portal.controllers.home import CreditboxPortalHome
from odoo.addons.creditbox_portal.models.account_move import payment_qr

from ..models.creditbox_plan import SHOWN


class CreditboxPortalPlans(CreditboxPortalHome):
    """Repayment plans: read as the system for customers that the user may see."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "creditbox_plan_count" in counters:
            values["creditbox_plan_count"] = (
                request.env["creditbox.plan"].sudo().search_count(self._plans_domain())
            )  # of the customer's own
        return values

    def _plans_domain(self):
        return [
            ("partner_id", "in", self._creditbox_customers().ids),
            ("company_id", "in", request.env.user.company_ids.ids),
            ("state", "in", SHOWN),
        ]

    def _own_plan(self, plan_id):
        """
        :raises NotFound: it is not there, or it is somebody else's: never say which
        """
        plan = (
            request.env["creditbox.plan"]
            .sudo()
            .search([*self._plans_domain(), ("id", "=", plan_id)])
        )  # customers have no rights on plans: the domain says whose it is
        if not plan:
            raise NotFound()
        return plan

    def _positions(self):
        return (
            request.env["creditbox.plan"]
            .sudo()
            ._portal_positions(
                self._creditbox_customers(), request.env.user.company_ids
            )
        )

    def _plan_page(self, template, page_name, **values):
        """A page of this addon, with what all pages of the area have."""
        response = self._creditbox_page("page", page_name, **values)
        response.template = f"creditbox_plan_portal.{template}"
        return response

    @route(["/my/plans"], type="http", auth="user", website=True, readonly=True)
    def plans(self, **options):
        """The plans of the customer, and the form to ask for one."""
        return self._plans_page()

    def _plans_page(self, **values):
        plans = request.env["creditbox.plan"].sudo()
        positions = self._positions()
        return self._plan_page(
            "plans",
            "creditbox_plans",
            plans=plans.search(self._plans_domain()),
            positions=positions,
            counts={p.id: plans._portal_counts(p) for p in positions},
            usual={p.id: plans._portal_usual(p) for p in positions},
            **{"error": None, **values},
        )

    @route(["/my/plans/ask"], type="http", auth="user", website=True, methods=["POST"])
    def ask_plan(self, position_id="", count="", shorter=None, note="", **options):
        chosen = self._positions().filtered(lambda p: str(p.id) == position_id)
        if not chosen:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                plan = (
                    request.env["creditbox.plan"]
                    .sudo()
                    ._portal_ask(
                        chosen,
                        int(count) if count.isdecimal() else 0,
                        bool(shorter),
                        note,
                    )
                )
        except UserError as error:
            return self._plans_page(error=str(error))
        return request.redirect(f"/my/plans/{plan.id}")

    @route(
        ["/my/plans/<int:plan_id>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def plan(self, plan_id, **options):
        return self._one_plan_page(self._own_plan(plan_id))

    def _one_plan_page(self, plan, error=None):
        return self._plan_page(
            "plan",
            "creditbox_plan",
            plan=plan,
            error=error,
            make_qr=lambda line: payment_qr(
                request.env,
                plan.company_id,
                line.payment_code,
                line.amount - line.amount_paid,
            ),
        )

    @route(
        ["/my/plans/<int:plan_id>/accept"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def accept_plan(self, plan_id, agreed=None, **options):
        plan = self._own_plan(plan_id)
        try:
            if not agreed:
                raise UserError(
                    request.env._("Tick the box: you have read the agreement.")
                )
            with request.env.cr.savepoint():
                plan._portal_accept(request.env.user)
        except UserError as error:
            return self._one_plan_page(plan, str(error))
        return request.redirect(f"/my/plans/{plan_id}")

    @route(
        ["/my/plans/<int:plan_id>/agreement"], type="http", auth="user", website=True
    )
    def plan_agreement(self, plan_id, **options):
        name, content = self._own_plan(plan_id)._agreement_file()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
