from contextlib import contextmanager
from datetime import date

from odoo.fields import Command

from .common import DunningCommon

# a Tuesday, as those of the terms below are
NOTICE_DAY = date(2026, 4, 7)


class LawCommon(DunningCommon):
    """District heating: a service with a procedure of our own, by e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heating = cls.env["creditbox.service.type"].create(
            {"code": 90, "name": "Heating"}
        )
        cls.regulation = cls._regulation()
        cls.supply.service_type_id = cls.heating
        cls.supply.meter_id.service_type_id = cls.heating
        cls.table = cls._table(cls.company, cls._procedure())

    @classmethod
    def _regulation(cls, **values):
        def step(legal_step, channel, **more):
            return Command.create(
                {"legal_step": legal_step, "channel": channel, **more}
            )

        def term(legal_step, days, unit, event, event_step=False):
            return Command.create(
                {
                    "legal_step": legal_step,
                    "days": days,
                    "unit": unit,
                    "event": event,
                    "event_step": event_step,
                }
            )

        return cls.env["creditbox.regulation"].create(
            {
                "name": "Heating act",
                "service_type_id": cls.heating.id,
                "source": "Act 1/2020",
                "date_from": date(2020, 1, 1),
                "step_ids": [
                    step("notice", "any"),
                    step("suspension", "technical", forbidden_days=True),
                ],
                "term_ids": [
                    term("notice", 25, "solar", "due"),
                    term("suspension", 40, "solar", "delivered", "notice"),
                    term("suspension", 3, "working", "deadline", "notice"),
                ],
                **values,
            }
        )

    @classmethod
    def _procedure(cls):
        return [
            {"step": 1, "legal_step": "notice", "count_from": "send"},
            {"step": 2, "legal_step": "suspension", "code": "technical"},
        ]

    def _notice(self, proof=None, deadline=None, day=NOTICE_DAY):
        """A bill with its formal notice, done on ``day``; None: not proved."""
        self._bill(100, due=date(2026, 3, 1))
        action = self._run(day).action_ids
        self._done(action, day)
        action.sudo().date_deadline = deadline
        if proof:
            action._mark_delivered(proof)
        return action

    @contextmanager
    def _rolled_back(self):
        """What is written inside is taken back."""
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
            self.env.invalidate_all()
