from . import creditbox_searchable
from . import account_move
from . import creditbox_meter
from . import creditbox_supply
from . import res_partner
from . import creditbox_search
