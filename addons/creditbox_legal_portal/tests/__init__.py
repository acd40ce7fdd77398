from . import test_case_portal
from . import test_declaration
from . import test_case_upload
from . import test_case_pages
from . import test_case_accessible
from . import test_case_walk
