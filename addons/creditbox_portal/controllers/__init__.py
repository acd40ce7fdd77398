from . import home
from . import bills
from . import contact
from . import outlook
from . import payments
from . import supplies
