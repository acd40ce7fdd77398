from odoo import api, models
from odoo.fields import Command

from .creditbox_charge import LIVE_STATES


class CreditboxCharge(models.Model):
    """How charges arise: from a row of the table, or by hand from a position."""

    _inherit = "creditbox.charge"

    # ------------------------------------------------------------------
    # from actions
    # ------------------------------------------------------------------
    @api.model
    def _arise(self, actions, day):
        """Charge what the rows of ``actions`` say, in the caller's transaction.

        An action about charges alone gives none: reminding a fee costs no fee. What
        the regulation forbids is kept as refused, with its source.

        :param day: datetime.date on which they were done
        """
        charging = actions.filtered(lambda action: action.rule_id._charges())
        if not charging:
            return
        kinds = self._live_kinds(charging)
        for company, group in charging.grouped("company_id").items():
            law = self.env["creditbox.chain"]._law(company, day)
            group = group.filtered(lambda action: action._bills_of_supply())
            values = [
                *(vals for action in group for vals in self._fee_of(action, law)),
                *self._interest_of(group, company, law),
            ]
            self._create_new(
                [v for v in values if (v["action_id"], v["kind"]) not in kinds],
                company,
                day,
            )

    def _live_kinds(self, actions):
        """:return: {(action id, kind)} of what was charged already"""
        charges = self._of_actions(actions)
        return {(charge.action_id.id, charge.kind) for charge in charges}

    def _create_new(self, vals_list, company, day):
        """:return: the charges, in the language of the company, without a chatter"""
        lang = company.partner_id.lang
        due = company._creditbox_charge_due(day)
        return (
            self.sudo()  # nobody has the right to write charges
            .with_context(tracking_disable=True, mail_create_nolog=True, lang=lang)
            .create(
                [
                    {"company_id": company.id, "date": day, "date_due": due, **vals}
                    for vals in vals_list
                ]
            )
        )

    @api.model
    def _fee_amount(self, action, law, postage=None):
        """:return: float, costs that will arise when the action has left"""
        fees = self._fee_of(action, law, postage)
        return sum(fee["amount"] for fee in fees if fee["state"] == "pending")

    def _fee_of(self, action, law, postage=None):
        """:param postage: cost of its letter, where it is not yet on the action"""
        if action.lead_id:
            return  # one message for several supplies costs one fee
        rule = action.rule_id
        postage = action.cost if postage is None else postage
        asked = postage if rule.fee == "postage" else rule.fee_amount
        asked = action.currency_id.round(asked)
        if not rule.fee or asked <= 0:
            return
        cost = rule._fee_cost()
        amount, part = law.costs._permit(
            action.position_id, cost, asked, postage, law.day
        )
        yield {
            "name": self._fee_name(action),
            "kind": "fee",
            "action_id": action.id,
            "position_id": action.position_id.id,
            **self._permitted(action.currency_id.round(amount), asked, part),
        }

    def _fee_name(self, action):
        speaking = action.with_context(lang=action.company_id.partner_id.lang)
        return speaking.env._("Costs of «%(step)s»", step=speaking.rule_id.name)

    def _permitted(self, amount, asked, part):
        """:param part: creditbox.regulation.cost that lowers it, or none"""
        if amount <= 0:
            reason = self.env._("Not allowed: %s", part._cited())
            return {"amount": asked, "state": "refused", "reason": reason}
        reason = self.env._("Lowered: %s", part._cited()) if part else False
        return {"amount": amount, "state": "pending", "reason": reason}

    def _interest_of(self, actions, company, law):
        """Interest up to the day of the action, on the bills that it is about."""
        actions = actions.filtered("rule_id.charge_interest")
        if not actions:
            return
        line_ids = self.env["creditbox.communication"]._line_ids(actions)
        all_ids = [line_id for ids in line_ids.values() for line_id in ids]
        bills = self.env["creditbox.interest"]._late_bills(company, all_ids, law.day)
        by_line = {bill.line_id: bill for bill in bills}
        for action in actions:
            own = [by_line[i] for i in line_ids.get(action.id, ()) if i in by_line]
            for vals in self._interest_values(action.position_id, own, law):
                yield {**vals, "action_id": action.id}

    # ------------------------------------------------------------------
    # by hand too
    # ------------------------------------------------------------------
    def _interest_values(self, position, bills, law, flat=True):
        """Values of the charges for the interest of some bills of a position.

        :param bills: list of creditbox_interest.LateBill
        :param flat: the flat sums as well
        """
        line_model = self.env["creditbox.charge.line"]
        lines = [vals for bill in bills for vals in line_model._values_of(bill)]
        yield from self._values_with_lines("interest", position, lines, law)
        flats = [
            {"move_line_id": bill.line_id, "amount": float(bill.flat)}
            for bill in bills
            if flat and bill.flat
        ]
        yield from self._values_with_lines("flat", position, flats, law)

    def _values_with_lines(self, kind, position, lines, law):
        amount = position.currency_id.round(sum(vals["amount"] for vals in lines))
        if amount <= 0:
            return
        permitted, part = law.costs._permit(
            position, "interest", amount, amount, law.day
        )
        yield {
            "name": self._kind_name(kind, position),
            "kind": kind,
            "position_id": position.id,
            "line_ids": [Command.create(vals) for vals in lines],
            **self._permitted(permitted, amount, part),
        }

    def _kind_name(self, kind, position):
        speaking = self.with_context(lang=position.company_id.partner_id.lang)
        if kind == "interest":
            return speaking.env._("Late interest")
        return speaking.env._("Flat sum for late payment")

    @api.model
    def _charge_interest(self, positions, until, bills_of=None, flat=True):
        """Charge the interest of positions by hand, and post it.

        :param bills_of: {creditbox.position: [LateBill]}, by default what is overdue
        :return: the charges, also those that the regulation refuses
        """
        positions._require_supervisor()
        charges = self.browse()
        for company, group in positions.grouped("company_id").items():
            law = self.env["creditbox.chain"]._law(company, until)
            tables = bills_of or group._late_bills(until)
            values = [
                {**vals, "user_id": self.env.uid}
                for position in group
                for vals in self._interest_values(
                    position, tables.get(position, ()), law, flat
                )
            ]
            charges |= self._create_new(values, company, company._creditbox_today())
        charges.filtered(lambda charge: charge.state in LIVE_STATES)._post()
        return charges.sudo(False)

    def _notification(self):
        """:return: client action that says what was charged"""
        live = self.filtered(lambda charge: charge.state in LIVE_STATES)
        refused = len(self) - len(live)
        message = self.env._(
            "%(count)s charges, %(amount).2f in all; %(refused)s not allowed by the "
            "regulation",
            count=len(live),
            amount=sum(live.mapped("amount")),
            refused=refused,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
