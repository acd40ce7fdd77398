from . import creditbox_case
from . import creditbox_debt_file_content
