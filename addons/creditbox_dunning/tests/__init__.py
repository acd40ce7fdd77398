from . import test_evaluation
from . import test_run
from . import test_invariants
from . import test_channel_email
from . import test_placeholder
from . import test_letter
from . import test_template
