from . import test_reactivation
