from . import creditbox_operator
from . import creditbox_portfolio
from . import creditbox_assignment
from . import creditbox_assignment_simulation
from . import creditbox_assignment_application
from . import creditbox_assignment_line
from . import creditbox_assignment_load
from . import creditbox_position
