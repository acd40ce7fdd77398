from . import base_partner_merge
from . import creditbox_archive_delete
from . import creditbox_archive_upload
