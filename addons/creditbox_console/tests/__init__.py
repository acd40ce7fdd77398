from . import test_age_bucket
from . import test_console
from . import test_snapshot
from . import test_kpi
from . import test_group_debtor
from . import test_exposure
from . import test_walk
from . import test_order_indexes
