from . import creditbox_quality_class
from . import creditbox_quality_sheet
from . import creditbox_quality_sheet_line
from . import creditbox_quality_sheet_macro
from . import creditbox_quality_sheet_check
from . import creditbox_quality_sheet_filling
from . import creditbox_quality_sheet_files
