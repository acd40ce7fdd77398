from . import creditbox_claim_answer
from . import creditbox_claim_collect
from . import creditbox_company_settings
