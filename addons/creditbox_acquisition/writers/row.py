"""One row on its way from a file into the records."""

from dataclasses import dataclass, field

from ..tools.convert import Fault, fingerprint


@dataclass
class Row:
    """A parsed row and what became of it.

    `outcome`: created, updated, unchanged, refused, waiting or None (not yet known).
    `waits_for`: (kind, key) of the record that has to come first.
    """

    sheet: str
    number: int
    raw: dict
    values: dict
    key: str
    faults: list = field(default_factory=list)
    outcome: str | None = None
    waits_for: tuple | None = None
    error_id: int | None = None
    found: dict = field(default_factory=dict)

    def __post_init__(self):
        self._given = list(self.faults)
        self._refuse_faulty()

    def reset(self):
        """Forget what a writer that failed made of this row."""
        self.faults = list(self._given)
        self.outcome = self.waits_for = None
        self.found = {}
        self._refuse_faulty()

    def _refuse_faulty(self):
        if any(not fault.warning for fault in self.faults):
            self.outcome = "refused"

    @property
    def fingerprint(self):
        return fingerprint(self.values)

    def refuse(self, field_name, code, value="", **params):
        self.faults.append(Fault(field_name, str(value), code, params))
        self.outcome = "refused"

    def warn(self, field_name, code, value="", **params):
        self.faults.append(Fault(field_name, str(value), code, params, True))

    def wait(self, field_name, kind, key):
        self.faults.append(Fault(field_name, key, f"waiting_{kind}"))
        self.waits_for = (kind, key)
        self.outcome = "waiting"
