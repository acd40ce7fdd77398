from . import creditbox_cession_return
from . import creditbox_company_settings
