from . import creditbox_hold
from . import creditbox_stop
from . import res_partner
