from . import test_plan_request
