from . import creditbox_customer_page
