from . import creditbox_quality_step
from . import creditbox_quality_start
from . import creditbox_indemnity_billed
from . import creditbox_indemnity_exclude
from . import creditbox_indemnity_list
from . import creditbox_indemnity_owe
