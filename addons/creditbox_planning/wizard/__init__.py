from . import creditbox_planning
from . import creditbox_planning_line
from . import creditbox_company_settings
