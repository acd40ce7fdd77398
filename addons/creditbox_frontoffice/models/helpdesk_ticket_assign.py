from odoo import models
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """New requests go to whom the rules say, the one who has the fewest first."""

    _inherit = "helpdesk.ticket"

    def _assign(self):
        """Give team and operator to requests that have none; queries do not depend
        on how many they are."""
        free = self.filtered(lambda ticket: not ticket.user_id)
        if not free:
            return
        rules = self.env["creditbox.request.rule"].search(
            [("company_id", "in", free.company_id.ids)]
        )
        chosen = {ticket: rules._rule_of(ticket, rules) for ticket in free}
        loads = self._loads(rules)
        groups = {}
        for ticket, rule in chosen.items():
            if rule:
                user = self._least_loaded(rule._candidates(), loads)
                key = (rule.team_id, user)
            elif not ticket.team_id and ticket.creditbox_procedure_id.team_id:
                key = (ticket.creditbox_procedure_id.team_id, self.env["res.users"])
            else:
                continue
            groups.setdefault(key, self.browse())
            groups[key] |= ticket
        for (team, user), tickets in groups.items():
            # whoever takes requests need not be allowed to see those of other teams
            tickets.sudo().write({"team_id": team.id, "user_id": user.id})

    def _loads(self, rules):
        """:return: {res.users: number of open requests}"""
        users = self.env["res.users"].union(*(r._candidates() for r in rules))
        # of all companies: an operator works for several
        groups = self.sudo()._read_group(
            self._open_domain() & Domain("user_id", "in", users.ids),
            ["user_id"],
            ["__count"],
        )
        return dict.fromkeys(users, 0) | dict(groups)

    def _least_loaded(self, users, loads):
        """:return: who gets the next one, counted already; empty: nobody"""
        if not users:
            return users
        user = min(users, key=lambda u: (loads[u], u.id))
        loads[user] += 1
        return user
