from . import test_court_terms
from . import test_case
from . import test_case_work
from . import test_assignment
from . import test_debt_file
from . import test_walk
