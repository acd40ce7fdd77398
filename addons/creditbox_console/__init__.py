from . import controllers
from . import models
from . import wizard


def post_init_hook(env):
    """Fill the console with what is open already."""
    companies = env["res.company"].search([("active", "=", True)])
    env["creditbox.console.line"]._refresh(companies)
