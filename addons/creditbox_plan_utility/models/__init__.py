from . import res_company
from . import creditbox_plan
from . import creditbox_lawfulness
from . import fsm_order
