from . import test_order_portal
from . import test_order_api
from . import test_tools_parts
from . import test_order_accessible
from . import test_walk
