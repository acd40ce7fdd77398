from . import test_pec_request
