from . import portal_request
from . import public_request
