from . import creditbox_company_settings
from . import creditbox_position_assign
from . import creditbox_position_hold
from . import creditbox_task_postpone
