from . import creditbox_case_open
from . import creditbox_case_close
from . import creditbox_case_assign
from . import creditbox_case_assign_line
from . import creditbox_case_plan
from . import creditbox_case_package
from . import creditbox_activity_summary
