from . import creditbox_order_request
from . import creditbox_order_close
from . import creditbox_company_settings
from . import creditbox_counter_payment
