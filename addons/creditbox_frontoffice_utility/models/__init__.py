from . import creditbox_procedure
from . import fsm_order
from . import helpdesk_ticket
