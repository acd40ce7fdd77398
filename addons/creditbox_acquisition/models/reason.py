"""The words for what `tools` reports by code, in the reader's language."""

from odoo.tools.translate import LazyTranslate

from odoo.addons.creditbox_base.tools.file_reasons import FILE_REASONS

# There is no environment yet when these are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

REASONS = FILE_REASONS | {
    # the file
    "no_table": _lt(
        "No sheet with known headings was found. Check them, or set the columns "
        "in the mapping of the source."
    ),
    "columns_missing": _lt("No column was recognised for: %(fields)s."),
    "sheet_missing": _lt("The sheet %(sheet)s is not in the file."),
    "uncomputed": _lt(
        "%(count)s cells hold formulas without a result: they were read as empty. "
        "Open the file in Excel and save it."
    ),
    "same_file": _lt("This very file was already taken."),
    "mismatch": _lt("The control totals do not square: see the comparison."),
    # values
    "required": _lt("The value is missing."),
    "not_a_number": _lt("This is not a number."),
    "not_an_integer": _lt("This is not a whole number."),
    "not_a_date": _lt("This is not a date."),
    "date_out_of_range": _lt("The date is too far in the past or in the future."),
    "not_a_boolean": _lt("Neither yes nor no."),
    "not_a_document_kind": _lt("Neither a bill nor a credit note."),
    "not_positive": _lt("The amount must be greater than zero."),
    "out_of_range": _lt("The value must be between -%(limit)s and %(limit)s."),
    "customer_or_bill": _lt("Neither the customer nor the bill is given."),
    "due_before_issue": _lt("The due date is before the issue date."),
    "period_reversed": _lt("The period ends before it starts."),
    "end_before_start": _lt("The contract ends before it starts."),
    "unknown_typology": _lt(
        "There is no such row in the table of this typology: add it, or translate the "
        "value in the mapping of the source."
    ),
    "unknown_state": _lt("There is no such province."),
    "unknown_country": _lt("There is no such country."),
    "unknown_language": _lt("This language is not installed."),
    "check": _lt("%(message)s"),
    # rows
    "waiting_customers": _lt("The customer has not been received yet: the row waits."),
    "waiting_supplies": _lt("The supply has not been received yet: the row waits."),
    "waiting_bills": _lt("The bill has not been received yet: the row waits."),
    "duplicate": _lt("The same code comes again in row %(row)s: the last one counts."),
    "other_customer": _lt("The bill %(bill)s is of another customer."),
    "other_account": _lt("The bill %(bill)s is on another receivable account."),
    "foreign_record": _lt("This number already belongs to a document of another kind."),
    "locked_period": _lt(
        "The period is closed: the document was undone by an entry of today."
    ),
    "unexpected": _lt("The row could not be written: %(message)s"),
}


def explain(env, code, params=None):
    """The sentence of a reason code, in the language of `env`."""
    text = REASONS.get(code)
    if text is None:
        return code
    return env._(text) % (params or {})  # pylint: disable=translation-not-lazy
