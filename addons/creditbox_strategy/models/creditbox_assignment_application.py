from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CreditboxAssignment(models.Model):
    """What was simulated is done, in sets; each change of hands is logged once."""

    _inherit = "creditbox.assignment"

    def action_apply(self):
        """Give the positions to their operators, as simulated.

        What somebody else has assigned meanwhile is left out.

        :raises UserError: not simulated
        """
        self.ensure_one()
        self._require("creditbox_base.group_supervisor")
        if self.state != "simulated":
            raise UserError(self.env._("Simulate it first."))
        self.sudo()._apply()  # asked for above

    def _apply(self):
        self._leave_out_stale()
        self._give()
        self._log_on_positions()
        moved = self._close_lines()
        self.write(
            {
                "state": "applied",
                "date_applied": fields.Datetime.now(),
                "moved_count": moved,
            }
        )

    def _give(self):
        """Write who has the positions now, by one statement; those who count follow."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE creditbox_position p
                   SET user_id = line.user_to_id, user_by_rule = TRUE,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM creditbox_assignment_line line
                 WHERE line.assignment_id = %(assignment)s
                   AND line.state = 'simulated' AND p.id = line.position_id
                RETURNING p.partner_id
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                assignment=self.id,
            )
        )
        positions = self.env["creditbox.position"]
        positions.invalidate_model(["user_id", "user_by_rule"])
        customers = {partner for (partner,) in rows}
        positions._on_operator_changed(self.company_id, list(customers))

    def _close_lines(self):
        """:return: int, how many positions have changed hands"""
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_assignment_line SET state = 'applied', date = %s
                 WHERE assignment_id = %s AND state = 'simulated'
                """,
                fields.Datetime.now(),
                self.id,
            )
        )
        moved = self.env.cr.rowcount
        self.env["creditbox.assignment.line"].invalidate_model(["state", "date"])
        return moved

    def _leave_out_stale(self):
        """Lock the positions; mark those that are not as they were simulated."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT p.id FROM creditbox_position p
                 WHERE p.id IN (SELECT position_id FROM creditbox_assignment_line
                                 WHERE assignment_id = %s)
                 ORDER BY p.id FOR UPDATE
                """,
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE creditbox_assignment_line line SET state = 'stale'
                  FROM creditbox_position p
                 WHERE line.assignment_id = %s AND p.id = line.position_id
                   AND p.user_id IS DISTINCT FROM line.user_from_id
                """,
                self.id,
            )
        )
        self.stale_count = self.env.cr.rowcount
        self.env["creditbox.assignment.line"].invalidate_model(["state"])
        self.env["creditbox.position"].invalidate_model(["user_id", "user_by_rule"])

    def _log_on_positions(self):
        """One line on the chatter of each position, by one statement."""
        speaking = self.with_context(lang=self.company_id.partner_id.lang)
        texts = {
            (before.id or 0, after.id): speaking._change_text(before, after)
            for before, after in self.env["creditbox.assignment.line"]._read_group(
                [("assignment_id", "=", self.id), ("state", "=", "simulated")],
                ["user_from_id", "user_to_id"],
            )
        }
        if not texts:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (
                    model, res_id, message_type, subtype_id, is_internal, author_id,
                    email_from, body, date, create_uid, create_date, write_uid,
                    write_date)
                SELECT 'creditbox.position', line.position_id, 'notification',
                       %(subtype)s, TRUE, %(author)s, %(email)s, said.body, %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM creditbox_assignment_line line
                  JOIN unnest(%(before)s::int[], %(after)s::int[], %(bodies)s::text[])
                       AS said (user_from, user_to, body)
                    ON said.user_from = COALESCE(line.user_from_id, 0)
                   AND said.user_to = line.user_to_id
                 WHERE line.assignment_id = %(assignment)s
                   AND line.state = 'simulated'
                """,
                subtype=self.env.ref("mail.mt_note").id,
                author=self.env.user.partner_id.id,
                email=self.env.user.partner_id.email_formatted or None,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                before=[before for before, _after in texts],
                after=[after for _before, after in texts],
                bodies=[str(text) for text in texts.values()],
                assignment=self.id,
            )
        )
        self.env["mail.message"].invalidate_model()

    def _change_text(self, before, after):
        return Markup("<p>%s</p>") % self.env._(
            "%(reason)s: from %(before)s to %(now)s",
            reason=self.reason,
            before=before.name or self.env._("nobody"),
            now=after.name,
        )

    @api.model
    def _cron_nightly(self):
        """Share out what nobody has yet, company by company."""
        companies = self.env["creditbox.portfolio"].search([("nightly", "=", True)])
        companies = companies.company_id.filtered("active")
        for done, company in enumerate(companies, start=1):
            self._share_new(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _share_new(self, company):
        """:return: creditbox.assignment, applied; empty where nobody is here"""
        speaking = self.with_context(lang=company.partner_id.lang)
        portfolios = self.env["creditbox.portfolio"].search(
            [("company_id", "=", company.id), ("nightly", "=", True)]
        )
        assignment = self.create(
            {
                "company_id": company.id,
                "portfolio_ids": [fields.Command.set(portfolios.ids)],
                "reason": speaking.env._("New positions of the night"),
            }
        )
        if not assignment._operators(portfolios):
            assignment.unlink()
            return self.browse()
        assignment._simulate()
        if not assignment.moved_count:
            assignment.unlink()
            return self.browse()
        assignment._apply()
        return assignment
