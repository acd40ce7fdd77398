from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools import postal_number
from ..tools.postal_dates import parse_moment
from .creditbox_action_postal import POSTAL_CODES


class Letters:
    """The letters that rows speak of, found by two queries for all of them."""

    def __init__(self, actions):
        # a letter for several actions is known by the one that leads
        self._by_id = {action.id: action._leads() for action in actions}
        self._by_number = {
            action.tracking_number: action
            for action in actions
            if action.tracking_number
        }
        self._none = actions.browse()

    def by_own_number(self, text):
        """:return: action, none when lot and letter do not belong together"""
        stem, letter_id = postal_number.split_own_number(text)
        action = self._by_id.get(letter_id, self._none)
        if action and stem and action.letter_lot_id._stem().upper() != stem:
            return self._none
        return action

    def by_tracking(self, number):
        return self._by_number.get(number, self._none)

    def of_row(self, row):
        """:return: action that a row of a table is about"""
        return self.by_own_number(row["letter"]) or self.by_tracking(
            postal_number.clean(row["tracking"])
        )

    def find_any(self, text):
        """:return: action whose own number, or tracking number, ``text`` is"""
        return self.by_tracking(postal_number.clean(text)) or self.by_own_number(text)

    def number(self, action, number):
        """From now on ``action`` has the tracking ``number``."""
        self._by_number[number] = action


class CreditboxPostalFile(models.Model):
    """The rows of outcome files: each is taken whole, or listed with its fault."""

    _inherit = "creditbox.postal.file"

    def _take_rows(self, rows):
        """Record tracking numbers and outcomes.

        :param rows: list of dicts with COLUMNS and «row»; «error»: the
            creditbox.postal.error that is taken again
        :return: list of (row, field, reason) of those refused
        """
        letters = self._letters_of(rows)
        numbers, faults = self._numbers(rows, letters)
        table = self.env["creditbox.postal.code"]._meanings(self.provider_id)
        values, refused = [], []
        for place, row in enumerate(rows):
            fault, event = faults.get(place), None
            if not fault:
                fault, event = self._event_of(row, letters, table)
            if fault:
                refused.append((row, *fault))
            elif event:
                values.append(event)
        self.env["creditbox.channel"]._note(
            {"tracking_number": "varchar"},
            [(action.id, number) for action, number in numbers.items()],
        )
        events = self.env["creditbox.postal.event"]._record(values)
        self.tracking_count += len(numbers)
        self.event_count += len(events)
        self.known_count += len(values) - len(events)
        self._list_errors([fault for fault in refused if "error" not in fault[0]])
        return refused

    def _letters_of(self, rows):
        """:return: `Letters` that this file may speak of"""
        ids = {postal_number.split_own_number(row["letter"])[1] for row in rows}
        numbers = {postal_number.clean(row["tracking"]) for row in rows}
        named = Domain("id", "in", list(ids - {None})) | Domain(
            "tracking_number", "in", list(numbers - {""})
        )
        return Letters(self.env["creditbox.action"].search(named & self._domain_mine()))

    def _domain_mine(self):
        """Letters that this file may speak of."""
        mine = Domain("code", "in", POSTAL_CODES)
        # whoever posts by hand may still be told by the post what became of it
        mine &= Domain("letter_lot_id.provider_id", "in", [self.provider_id.id, False])
        if self.company_id:
            mine &= Domain("company_id", "=", self.company_id.id)
        return mine

    # ------------------------------------------------------------------
    # tracking numbers
    # ------------------------------------------------------------------
    def _numbers(self, rows, letters):
        """The numbers that rows give to letters, before any outcome is looked at.

        :return: ({action: new number}, {place of a row: (field, reason)})
        """
        numbers, faults = {}, {}
        for place, row in enumerate(rows):
            number = postal_number.clean(row["tracking"])
            action = letters.by_own_number(row["letter"])
            if not (number and action):
                continue
            fault = self._number_fault(number, action, numbers, letters)
            if fault:
                faults[place] = ("tracking", fault)
            elif action.tracking_number != number:
                numbers[action] = number
                letters.number(action, number)
        return numbers, faults

    def _number_fault(self, number, action, numbers, letters):
        """:return: why ``action`` cannot have this number, or None"""
        owner = letters.by_tracking(number)
        has = numbers.get(action) or action.tracking_number
        if has and has != number:
            return self.env._("This letter has the number %s already", has)
        if owner and owner != action:
            return self.env._("Another letter has this number: %s", owner.display_name)
        if not postal_number.is_number(number):
            return self.env._("This cannot be the number of a letter")
        return None

    # ------------------------------------------------------------------
    # outcomes
    # ------------------------------------------------------------------
    def _event_of(self, row, letters, table):
        """:return: ((field, reason) or None, values of the event or None)"""
        action = letters.of_row(row)
        if not action:
            field = "letter" if row["letter"] else "tracking"
            return (field, self.env._("No letter of ours has this number")), None
        if not (row["code"] or row["cause"]):
            if (row["tracking"] or row["card"]) and not row["date"]:
                return None, None  # it only gave the number, or the scan's name
            return ("code", self.env._("The outcome is missing")), None
        outcome, preliminary = self.env["creditbox.postal.code"]._meaning(
            table, row["code"], row["cause"]
        )
        if not outcome:
            return ("code", self._unknown_code(row)), None
        moment, fault = self._moment(row["date"], action)
        if fault:
            return ("date", fault), None
        return None, {
            "action_id": action.id,
            "provider_id": self.provider_id.id,
            "outcome_id": outcome.id,
            "preliminary": preliminary,
            "code": row["code"] or row["cause"],
            "cause": row["cause"],
            "date": moment,
            "file_id": self.id,
            "row": row["row"],
        }

    def _unknown_code(self, row):
        return self.env._(
            "Unknown outcome «%s»: add it to the codes of the outsourcer, or its cause "
            "is missing",
            " ".join(filter(None, (row["code"], row["cause"]))),
        )

    def _moment(self, text, action):
        """:return: (datetime in UTC, reason why not)"""
        zone = action.company_id.partner_id.tz or "Europe/Rome"
        moment = parse_moment(text, zone, self.provider_id.postal_date_format)
        if moment is None:
            return None, self.env._("This is not a date")
        if moment > fields.Datetime.now() + timedelta(days=1):
            return None, self.env._("The date is in the future")
        if action.date_done and moment.date() < action.date_done - timedelta(days=1):
            return None, self.env._("The date is before the letter was made")
        return moment, None

    # ------------------------------------------------------------------
    # refused
    # ------------------------------------------------------------------
    def _list_errors(self, refused):
        """:param refused: list of (row, field, reason)"""
        self.env["creditbox.postal.error"].create(
            [
                {
                    "file_id": self.id,
                    "row": row["row"],
                    "letter": row.get("letter"),
                    "tracking": row.get("tracking"),
                    "code": row.get("code"),
                    "cause": row.get("cause"),
                    "date": row.get("date"),
                    "card": row.get("card"),
                    "field_name": field,
                    "reason": reason,
                }
                for row, field, reason in refused
            ]
        )
