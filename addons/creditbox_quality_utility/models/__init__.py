from . import creditbox_service_type
from . import fsm_order
