from . import plans
