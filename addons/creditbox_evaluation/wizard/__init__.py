from . import creditbox_alert_close
from . import creditbox_information_request
from . import creditbox_information_upload
from . import creditbox_rating_sheet
from . import base_partner_merge
