from . import creditbox_request_document
from . import helpdesk_ticket
