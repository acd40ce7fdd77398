from odoo import fields


class LooseMany2one(fields.Many2one):
    """Many2one without a foreign key, for tables that a run fills by the million.

    The check of a foreign key costs more than the row itself (measured: 4 to 10 µs
    each). Only for targets that are never deleted while they are referred to, or whose
    deletion takes the referring rows along in code (see res.partner,
    creditbox.position, account.move.line). A merge of customers moves it like a
    foreign key.
    """

    def update_db_foreign_key(self, model, column):
        """No constraint in the database."""
