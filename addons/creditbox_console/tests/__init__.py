from . import test_age_bucket
from . import test_console
