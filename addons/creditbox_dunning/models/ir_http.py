from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        res = super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("creditbox_raw_body"):
            # a signature is over the bytes, which reading the form would use up
            request.httprequest.get_data()
        return res
