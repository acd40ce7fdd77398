from odoo import api, models
from odoo.exceptions import UserError


class CreditboxItem(models.Model):
    """Bills that somebody else takes care of: the action table leaves them alone."""

    _inherit = "creditbox.item"

    @api.model
    def _exclude(self, lines, exclusion, leave_taken=False):
        """Take receivable lines out of the action table.

        What is pending for them stops; what has been done stays done.

        :param lines: account.move.line, of one company or several
        :param exclusion: value of ``exclusion``
        :param leave_taken: what somebody else has already stays there
        :return: creditbox.item of the lines
        :raises UserError: somebody else has one of them already
        """
        items = self.sudo()._of_lines(lines)  # nobody writes bills' states by hand
        taken = items.filtered("exclusion")
        if taken and not leave_taken:
            taken._refuse_taken()
        (items - taken).write(
            {"exclusion": exclusion, "next_rule_id": False, "next_date": False}
        )
        # whatever is on its way for them stops: reminders, orders at the meter
        positions = self.env["creditbox.position"]
        positions._on_debt_changed(items.position_id.partner_id.ids)
        return items

    @api.model
    def _include(self, lines, exclusion):
        """Give receivable lines back to the action table, at the step they had.

        :param exclusion: for which they were taken out; others stay out
        """
        items = self.sudo().search(  # nobody writes bills' states by hand
            [("move_line_id", "in", lines.ids), ("exclusion", "=", exclusion)]
        )
        items.write({"exclusion": False})
        self.env["creditbox.next.trial"]._foretell(items.position_id)

    def _refuse_taken(self):
        """:raises UserError: always, with who has each of these bills"""
        labels = dict(self._fields["exclusion"]._description_selection(self.env))
        raise UserError(
            "\n".join(
                f"{item.move_id.creditbox_ref or item.move_id.name}:"
                f" {labels[item.exclusion]}"
                for item in self
            )
        )

    def _of_lines(self, lines):
        """:return: creditbox.item of receivable lines, made when not overdue so far"""
        items = self.search([("move_line_id", "in", lines.ids)])
        missing = lines - items.move_line_id
        positions = {
            (position.company_id, position.partner_id, position.supply_id): position
            for position in self.env["creditbox.position"].search(
                [
                    ("company_id", "in", missing.company_id.ids),
                    ("partner_id", "in", missing.partner_id.commercial_partner_id.ids),
                ]
            )
        }
        return items | self.create(
            [
                {
                    "move_line_id": line.id,
                    "company_id": line.company_id.id,
                    "position_id": positions[
                        line.company_id,
                        line.partner_id.commercial_partner_id,
                        line.move_id.creditbox_supply_id,
                    ].id,
                }
                for line in missing
            ]
        )
