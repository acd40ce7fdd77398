from odoo import models
from odoo.exceptions import AccessError


class CreditboxGuarded(models.AbstractModel):
    """Records that nobody may write: buttons ask for a role, then act as system."""

    _name = "creditbox.guarded"
    _description = "Changed by Buttons Only"

    def _require(self, group):
        """
        :raises AccessError: the user is not of ``group``, or may not see the records
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("You are not allowed to do this."))
