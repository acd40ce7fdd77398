from . import test_customer_check
from . import test_customer_page
from . import test_promise
from . import test_promise_random
from . import test_task
from . import test_tour
from . import test_debt_file
