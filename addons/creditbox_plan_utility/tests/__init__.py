from . import test_plan_utility
