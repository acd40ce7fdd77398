from . import test_clock
from . import test_indemnity
from . import test_quality_time
from . import test_walk
