from . import test_share_out
from . import test_portfolio
from . import test_assignment
