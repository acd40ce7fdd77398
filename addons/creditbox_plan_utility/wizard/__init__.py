from . import creditbox_company_settings
