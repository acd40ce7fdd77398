from . import cases
from . import case_acts
from . import case_files
