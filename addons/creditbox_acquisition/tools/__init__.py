"""Pure Python: nothing below imports Odoo, so it is tested without a database."""
