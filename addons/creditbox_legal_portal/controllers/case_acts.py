from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.creditbox_base.tools.upload import Refused

from .cases import CasePortal

POST = {"type": "http", "auth": "user", "methods": ["POST"], "website": True}


class CasePortalActs(CasePortal):
    """What lawyers and agencies do: each a form of the page of the case."""

    def _case_try(self, case, what, work, values=None):
        """Do it whole or not at all, then show the case; the problem beside the form.

        :param work: function without parameters
        """
        try:
            with request.env.cr.savepoint():
                work()
        except Refused as error:
            problem = self._case_why_refused(error)
        except UserError as error:
            problem = str(error)
        else:
            return request.redirect(f"/my/cases/{case.id}?sent={what}")
        request.env.invalidate_all()
        return self._case_page(case, problem, values={**(values or {}), "form": what})

    # -- acceptance --------------------------------------------------------------------

    @route("/my/cases/<int:case_id>/accept", **POST)
    def case_accept(self, case_id, **_values):
        case = self._case_mine(case_id)
        return self._case_try(
            case, "accept", lambda: case._case_accept(request.env.user)
        )

    @route("/my/cases/<int:case_id>/refuse", **POST)
    def case_refuse(self, case_id, reason="", **_values):
        case = self._case_mine(case_id)
        answer = self._case_try(case, "refuse", lambda: case._case_refuse(reason))
        if answer.status_code == 303:
            return request.redirect("/my/cases?accepted=refused")
        return answer

    @route("/my/cases/accept", **POST)
    def case_accept_all(self, **_values):
        """All that wait for an answer."""
        self._case_require()
        user = request.env.user
        cases = request.env["creditbox.case"]._case_own(
            user, [("state", "=", "assigned")]
        )
        if cases:
            try:
                with request.env.cr.savepoint():
                    cases._case_accept(user)
            except UserError as error:
                request.env.invalidate_all()
                return self._case_list_page(1, {}, problem=str(error))
        return request.redirect(f"/my/cases?accepted={len(cases)}")

    # -- activities --------------------------------------------------------------------

    @route("/my/cases/<int:case_id>/activity", **POST)
    def case_activity(self, case_id, file=None, **values):
        case = self._case_mine(case_id)
        return self._case_try(
            case,
            "activity",
            lambda: self._case_enter_activity(case, values, file),
            values,
        )

    def _case_enter_activity(self, case, values, file):
        day, cost = self._case_day(values.get("date")), values.get("cost")
        amount = self._case_amount(cost)
        if not day:
            raise UserError(request.env._("Write the day."))
        if cost and amount is None:
            raise UserError(request.env._("The cost is no amount."))
        kind = values.get("type_id") or ""
        case._case_enter(
            request.env.user,
            {
                "type_id": int(kind) if kind.isdecimal() else 0,
                "date": day,
                "note": (values.get("note") or "").strip()[:500],
                "cost": amount or 0,
            },
            self._case_file(file),
        )

    @route("/my/cases/<int:case_id>/activity/<int:activity_id>", **POST)
    def case_activity_done(self, case_id, activity_id, note="", file=None, **_values):
        case = self._case_mine(case_id)
        return self._case_try(
            case,
            "activity",
            lambda: case._case_done(
                activity_id, note.strip()[:500], self._case_file(file)
            ),
        )

    # -- collections -------------------------------------------------------------------

    @route("/my/cases/<int:case_id>/collection", **POST)
    def case_collection(self, case_id, file=None, **values):
        case = self._case_mine(case_id)
        return self._case_try(
            case, "collection", lambda: self._case_declare(case, values, file), values
        )

    def _case_declare(self, case, values, file):
        amount = self._case_amount(values.get("amount"))
        day = self._case_day(values.get("date"))
        channels = self._case_labels("creditbox.case.declaration", "channel")
        if amount is None:
            raise UserError(request.env._("Write how much was collected."))
        if not day:
            raise UserError(request.env._("Write the day."))
        if values.get("channel") not in channels:
            raise UserError(request.env._("Choose how it was paid."))
        # of the own case: the system keeps what portal users may not read
        request.env["creditbox.case.declaration"].sudo()._declare(
            request.env.user,
            {
                "case": case,
                "amount": amount,
                "date": day,
                "channel": values["channel"],
                "reference": (values.get("reference") or "").strip()[:64],
            },
            self._case_file(file),
        )

    # -- messages ----------------------------------------------------------------------

    @route("/my/cases/<int:case_id>/message", **POST)
    def case_message(self, case_id, text="", file=None, **_values):
        case = self._case_mine(case_id)
        return self._case_try(
            case,
            "message",
            lambda: case._case_write(request.env.user, text, self._case_file(file)),
            {"text": text},
        )
