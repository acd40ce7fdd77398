from . import test_data
from . import test_measure
from . import test_walk
