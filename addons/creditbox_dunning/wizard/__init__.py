from . import creditbox_company_settings
from . import base_partner_merge
from . import creditbox_legal_chain
from . import creditbox_position_why
from . import creditbox_position_why_bills
from . import creditbox_template_preview
