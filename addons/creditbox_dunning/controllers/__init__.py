from . import sms_receipt
