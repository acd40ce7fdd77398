from . import test_sheet
from . import test_walk
