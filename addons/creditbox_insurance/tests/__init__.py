from . import test_policy
from . import test_insured_bill
from . import test_declaration
from . import test_claim
from . import test_debt_file
