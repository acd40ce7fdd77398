from . import debt_files
