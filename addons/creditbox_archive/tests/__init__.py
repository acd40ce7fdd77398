from . import test_access
from . import test_archive
from . import test_reading
from . import test_retention
from . import test_text
