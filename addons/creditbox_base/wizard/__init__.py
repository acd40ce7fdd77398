from . import creditbox_position_hold
