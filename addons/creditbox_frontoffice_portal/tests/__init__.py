from . import test_portal_request
