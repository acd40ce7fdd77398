from . import creditbox_hold
from . import creditbox_promise
from . import creditbox_promise_line
from . import creditbox_promise_valuation
from . import creditbox_position
from . import res_company
from . import res_partner
