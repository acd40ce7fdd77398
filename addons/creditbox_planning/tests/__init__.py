from . import test_tools_planner
from . import test_planning
from . import test_move
