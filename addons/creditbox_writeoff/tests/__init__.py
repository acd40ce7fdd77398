from . import test_writeoff
from . import test_settlement
from . import test_recovery
from . import test_debt_file
from . import test_walk
