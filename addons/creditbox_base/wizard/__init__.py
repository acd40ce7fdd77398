from . import base_partner_merge
from . import creditbox_position_hold
