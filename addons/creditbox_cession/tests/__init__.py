from . import test_cession
from . import test_receipt
from . import test_return
from . import test_paper
from . import test_debt_file
