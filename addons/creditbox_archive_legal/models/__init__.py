from . import creditbox_case
