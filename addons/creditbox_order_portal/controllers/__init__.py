from . import common
from . import home
from . import client
from . import contractor
from . import files
from . import api
