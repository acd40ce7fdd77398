from . import test_quality_time
