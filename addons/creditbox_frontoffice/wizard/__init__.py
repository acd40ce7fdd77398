from . import creditbox_request_step
from . import creditbox_request_halt
from . import creditbox_request_correct
from . import creditbox_phone_upload
