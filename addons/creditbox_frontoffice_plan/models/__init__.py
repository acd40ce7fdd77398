from . import creditbox_procedure
from . import helpdesk_ticket
