from . import creditbox_pec_message
from . import creditbox_procedure
from . import helpdesk_ticket
