from . import test_access
from . import test_book
from . import test_debt_file
from . import test_lot
from . import test_queries
