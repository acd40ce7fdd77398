from . import test_search
