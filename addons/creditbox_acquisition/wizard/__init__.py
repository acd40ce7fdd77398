from . import creditbox_acquisition_upload
from . import creditbox_mapping_try
