from . import test_evaluation
from . import test_run
from . import test_invariants
from . import test_channel_email
