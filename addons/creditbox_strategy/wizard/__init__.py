from . import creditbox_portfolio_put
