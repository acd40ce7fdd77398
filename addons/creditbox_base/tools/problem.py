"""What can be wrong with a file or with a value: a code and its parameters.

The words shown to people are made elsewhere (file_reasons.py), in their language.
"""


class FileProblem(Exception):
    """The whole file, or a whole sheet, cannot be read."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


class ValueProblem(ValueError):
    """One value cannot be understood."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params
