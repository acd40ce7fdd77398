"""The words for what is wrong with a whole file, in the reader's language."""

from odoo.tools.translate import LazyTranslate

# There is no environment yet when these are read.
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

FILE_REASONS = {
    "empty_file": _lt("The file is empty."),
    "file_too_big": _lt("The file is larger than %(limit)s MB: divide it."),
    "too_many_rows": _lt("A sheet has more than %(limit)s rows: divide the file."),
    "too_many_columns": _lt("A sheet has more than %(limit)s columns."),
    "wrong_type": _lt(
        "This is not a table: it is a file of another type (%(what)s). "
        "Save it as Excel (xlsx, xls), ODS or CSV."
    ),
    "password": _lt("The file is protected by a password: save it without."),
    "bomb": _lt("The file unpacks to an unreasonable size: it was not opened."),
    "entities": _lt("The file holds XML entities: it was not opened."),
    "exploded": _lt(
        "The file needs too much memory: there are probably cells far away from the "
        "table. Delete the empty rows and columns and save it again."
    ),
    "too_slow": _lt("Reading the file took more than %(seconds)s seconds."),
    "corrupt": _lt("The file is damaged and cannot be read."),
    "encoding": _lt("The text is not in the encoding %(encoding)s."),
    "no_known_headings": _lt("None of these headings was found: %(headings)s."),
    "no_rows": _lt("The file holds no rows."),
}


def explain_file(env, problem):
    """:return: the sentence for a `FileProblem`, in the language of `env`"""
    text = FILE_REASONS[problem.code]
    return env._(text) % problem.params  # pylint: disable=translation-not-lazy
