from . import creditbox_crew
from . import fsm_order
from . import res_company
