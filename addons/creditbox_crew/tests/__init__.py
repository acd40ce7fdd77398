from . import test_crew
from . import test_page
from . import test_phone
