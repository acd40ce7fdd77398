from . import countback
