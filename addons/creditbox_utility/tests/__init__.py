from . import test_channel
from . import test_crew
from . import test_lawfulness
from . import test_payment
from . import test_request
from . import test_counter
from . import test_rights
