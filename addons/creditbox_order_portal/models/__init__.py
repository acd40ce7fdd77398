from . import creditbox_order_client
from . import creditbox_order_change
from . import creditbox_order_upload
from . import fsm_order
from . import fsm_order_client
from . import fsm_order_contractor
