from . import creditbox_procedure
from . import creditbox_procedure_standard
from . import helpdesk_ticket
