from . import creditbox_case_booking
