from . import creditbox_writeoff_ask
from . import creditbox_writeoff_small
from . import creditbox_writeoff_refuse
from . import creditbox_company_settings
