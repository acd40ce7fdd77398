from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Date, Datetime, Domain

REQUESTS = "helpdesk.ticket"
QUOTES = "creditbox.quote"
SUPPLIES = "creditbox.supply"
ACTIONS = {
    REQUESTS: "creditbox_frontoffice.creditbox_request_action",
    QUOTES: "creditbox_frontoffice.creditbox_quote_action",
    SUPPLIES: "creditbox_base.creditbox_supply_action",
}


class CreditboxFrontofficePage(models.AbstractModel):
    """What the page of the front office shows: figures that open their lists.

    Counted at the moment, through the ORM, for the companies that the user has ticked:
    its record rules hold.
    """

    _name = "creditbox.frontoffice.page"
    _description = "Front Office"

    @api.model
    def load(self):
        """
        :return: {"groups": [{"label", "counters": [{"code", "label", "count"}]}],
            "mine": rows of the operator's monitor, "team": rows of the manager's
            monitor or False, "queue": {"waiting", "minutes"}, "day"}
        """
        self._check()
        manager = self.env.user.has_group("creditbox_frontoffice.group_manager")
        return {
            "groups": [
                {"label": label, "counters": self._counted(counters)}
                for label, counters in self._groups().items()
            ],
            "mine": self._mine(),
            "team": self._team() if manager else False,
            "queue": self._queue(),
            "day": Date.to_string(self.env.company._creditbox_today()),
        }

    @api.model
    def open(self, code, detail=False):
        """
        :param code: of a counter, or of a row of a monitor
        :param detail: id of the row's procedure or user
        :return: window action of the records behind a figure
        """
        self._check()
        model, label, domain = self._counters(detail)[code]
        action = self.env["ir.actions.act_window"]._for_xml_id(ACTIONS[model])
        return dict(
            action,
            name=label,
            display_name=label,
            domain=list(domain),
            context={"creditbox_request": True, "active_test": False}
            if model == REQUESTS
            else {},
        )

    def _check(self):
        if not self.env.user.has_group("creditbox_base.group_reader"):
            raise AccessError(self.env._("You are not allowed to do this."))

    # ------------------------------------------------------------------
    # counters
    # ------------------------------------------------------------------
    def _groups(self):
        """:return: {label: codes of its counters}"""
        requests = self.env._("Requests")
        quotes = self.env._("Quotes")
        contracts = self.env._("Contracts")
        return {
            requests: ("started", "admitted", "contact", "internal", "done"),
            quotes: ("quote_entered", "quote_sent", "quote_suspended"),
            contracts: ("contract_active", "contract_suspended", "contract_requested"),
        }

    def _counters(self, detail=False):
        """:return: {code: (model, label, domain)}"""
        return {
            **self._request_counters(),
            **self._quote_counters(),
            **self._contract_counters(),
            **self._monitor_counters(detail),
        }

    def _ours(self):
        return Domain("company_id", "in", self.env.companies.ids)

    def _going(self):
        """:return: Domain of the open requests of the companies ticked"""
        return self._ours() & self.env[REQUESTS]._open_domain()

    def _request_counters(self):
        going, kind = self._going(), "channel_id.creditbox_kind"
        started = going & Domain("creditbox_state", "=", "entered")
        admitted = going & Domain("creditbox_state", "=", "admitted")
        contact = going & Domain(kind, "=", "contact")
        internal = going & Domain(kind, "=", "internal")
        done = (
            self._ours()
            & Domain("creditbox_procedure_id", "!=", False)
            & Domain("creditbox_state", "=", "done")
        )
        return {
            "started": (REQUESTS, self.env._("Requests started"), started),
            "admitted": (REQUESTS, self.env._("Admissible requests"), admitted),
            "contact": (REQUESTS, self.env._("Requests from contact"), contact),
            "internal": (REQUESTS, self.env._("Internal requests"), internal),
            "done": (REQUESTS, self.env._("Requests done"), done),
        }

    def _quote_counters(self):
        labels = {
            "entered": self.env._("Quotes entered"),
            "sent": self.env._("Quotes sent"),
            "suspended": self.env._("Quotes suspended"),
        }
        return {
            f"quote_{state}": (
                QUOTES,
                label,
                self._ours() & Domain("state", "=", state),
            )
            for state, label in labels.items()
        }

    def _contract_counters(self):
        today = self.env.company._creditbox_today()
        running = self._ours() & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        )
        state = "meter_id.meter_state_id"
        cut = Domain(state, "!=", False) & Domain(f"{state}.supplied", "=", False)
        asked = self._going() & Domain(
            "creditbox_procedure_id.effect",
            "in",
            ("transfer", "take_over", "new_supply"),
        )
        return {
            "contract_active": (
                SUPPLIES,
                self.env._("Contracts active"),
                running & ~cut,
            ),
            "contract_suspended": (
                SUPPLIES,
                self.env._("Contracts suspended"),
                running & cut,
            ),
            "contract_requested": (
                REQUESTS,
                self.env._("Contracts requested"),
                asked,
            ),
        }

    def _monitor_counters(self, detail):
        """:param detail: id of the procedure of «mine», of the user of «team»"""
        waiting = Domain("creditbox_waiting", "=", True)
        mine = (
            self._going()
            & Domain("user_id", "=", self.env.uid)
            & Domain("creditbox_procedure_id", "=", detail)
        )
        team = self._going() & Domain("user_id", "=", detail)
        return {
            "mine": (REQUESTS, self.env._("My requests"), mine),
            "mine_waiting": (
                REQUESTS,
                self.env._("My requests, waiting"),
                mine & waiting,
            ),
            "team": (REQUESTS, self.env._("Open requests"), team),
            "team_waiting": (
                REQUESTS,
                self.env._("Waiting requests"),
                team & waiting,
            ),
        }

    def _counted(self, codes):
        counters = self._counters()
        return [
            {
                "code": code,
                "label": counters[code][1],
                "count": self.env[counters[code][0]].search_count(counters[code][2]),
            }
            for code in codes
        ]

    # ------------------------------------------------------------------
    # monitors
    # ------------------------------------------------------------------
    def _mine(self):
        """:return: the user's open requests by procedure, the oldest first"""
        return self._rows(
            self._going() & Domain("user_id", "=", self.env.uid),
            "creditbox_procedure_id",
        )

    def _team(self):
        """:return: open requests by operator, with what each has done in 30 days"""
        rows = self._rows(self._going(), "user_id")
        done = dict(
            self.env[REQUESTS]._read_group(
                [
                    ("company_id", "in", self.env.companies.ids),
                    ("creditbox_state", "=", "done"),
                    ("creditbox_date_closed", ">=", "today -30d"),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        for user, count in done.items():
            row = next((r for r in rows if r["id"] == user.id), None)
            if not row:
                row = self._row(user, 0, False)
                rows.append(row)
            row["done"] = count
        return rows

    def _rows(self, domain, field):
        tickets = self.env[REQUESTS]
        groups = tickets._read_group(domain, [field], ["__count", "date_received:min"])
        waiting = dict(
            tickets._read_group(
                domain & Domain("creditbox_waiting", "=", True), [field], ["__count"]
            )
        )
        rows = []
        for record, count, oldest in sorted(groups, key=lambda g: g[2]):
            rows.append(self._row(record, count, oldest, waiting.get(record, 0)))
        return rows

    def _row(self, record, count, oldest, waiting=0):
        days = (Datetime.now() - oldest).days if oldest else 0
        return {
            "id": record.id,
            "name": record.display_name or self.env._("Nobody yet"),
            "count": count,
            "waiting": waiting,
            "days": days,
            "done": 0,
        }

    def _queue(self):
        """:return: who waits at the counters, and the mean wait of today"""
        numbers = self.env["creditbox.counter.ticket"]
        mine = [("company_id", "in", self.env.companies.ids)]
        ((minutes,),) = numbers._read_group(
            [
                *mine,
                ("date_taken", ">=", "today"),
                ("state", "in", ("called", "served")),
            ],
            aggregates=["minutes:avg"],
        )
        return {
            "waiting": numbers.search_count([*mine, ("state", "=", "waiting")]),
            "minutes": round(minutes or 0, 1),
        }
