from . import test_answer
from . import test_page
from . import test_procedures
from . import test_quote
from . import test_request
