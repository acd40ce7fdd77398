from . import creditbox_plan
