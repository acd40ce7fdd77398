"""The page's timeline: everything that has happened, newest first, page by page.

One statement finds which events come; what they say is read through the ORM, kind by
kind, so that nobody sees a record that he may not see.
"""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.creditbox_dunning.models.creditbox_rule import WRITING_CODES

PAGE = 25
# what can be filtered: the kinds of event under each
FILTERS = {
    "money": ("bill", "payment"),
    "messages": ("message", "reply", "mailing"),
    "calls": ("call",),
    "steps": ("message", "action"),
    "promises": ("promise", "hold"),
    "meters": ("meter",),
    "notes": ("note",),
}


class CreditboxCustomerPage(models.AbstractModel):
    _inherit = "creditbox.customer.page"

    @api.model
    def get_timeline(self, partner_id, company_id, filter_name=False, offset=0):
        """Return a page of what has happened with the customer in the company.

        :param filter_name: key of FILTERS, False for everything
        :param offset: number of events to leave out, the newest first
        :return: dict: ``events``, a list of dicts (kind, icon, date, title, text,
            amount, state, style, user, model, id), and ``more``: are there others?
        """
        partner, company = self._customer(partner_id, company_id)
        self.env.flush_all()
        kinds = FILTERS.get(filter_name) or ()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind, id, moment
                  FROM (%(events)s) AS event
                 WHERE %(anything)s OR kind = ANY(%(kinds)s)
                 ORDER BY moment DESC, kind, id DESC
                 LIMIT %(limit)s OFFSET %(offset)s
                """,
                events=self._sql_events(partner, company),
                anything=not kinds,
                kinds=list(kinds),
                limit=PAGE + 1,
                offset=offset,
            )
        )
        shown = rows[:PAGE]
        told = {}
        for kind in {kind for kind, *_rest in shown}:
            ids = [id_ for found, id_, _moment in shown if found == kind]
            told |= self._tell(kind, ids)
        events = [
            {"kind": kind, "date": moment, **told[kind, id_]}
            for kind, id_, moment in shown
            if (kind, id_) in told
        ]
        return {
            "events": [self._plain(event) for event in events],
            "more": len(rows) > PAGE,
        }

    def _tell(self, kind, ids):
        """:return: {(kind, id): what it says}, of the records that may be seen"""
        method = f"_tell_{'action' if kind == 'message' else kind}"
        method = {"reply": "_tell_note"}.get(kind, method)
        return {
            (kind, id_): event for id_, event in getattr(self, method)(ids) if event
        }

    def _readable(self, model, ids):
        return self.env[model].browse(ids)._filtered_access("read")

    # -- which events --------------------------------------------------------------

    def _sql_events(self, partner, company):
        """:return: SQL of the columns (kind, id, moment) of all events"""
        return SQL(" UNION ALL ").join(self._sql_sources(partner, company))

    def _sql_sources(self, partner, company):
        """Yield the statements of all sources; other addons add theirs."""
        ids = {"partner": partner.id, "company": company.id}
        yield SQL(
            """SELECT 'bill' AS kind, id, invoice_date::timestamp AS moment
                 FROM account_move
                WHERE partner_id IN (SELECT id FROM res_partner
                                      WHERE commercial_partner_id = %(partner)s)
                  AND company_id = %(company)s AND state = 'posted'
                  AND move_type IN ('out_invoice', 'out_refund')
            """,
            **ids,
        )
        yield self._sql_payments(partner, company)
        yield SQL(
            """SELECT CASE WHEN code IN %(writing)s THEN 'message' ELSE 'action' END,
                      id, COALESCE(date_done, date_planned)::timestamp
                 FROM creditbox_action
                WHERE position_id IN (SELECT id FROM creditbox_position
                                       WHERE partner_id = %(partner)s
                                         AND company_id = %(company)s)
                  AND (state <> 'planned' OR exception IS NOT NULL)
            """,
            writing=WRITING_CODES,
            **ids,
        )
        yield SQL(
            """SELECT 'mailing', id, write_date FROM creditbox_mailing_recipient
                WHERE partner_id = %(partner)s AND company_id = %(company)s
                  AND state IN ('queued', 'done', 'failed')""",
            **ids,
        )
        yield SQL(
            """SELECT 'hold', id, create_date FROM creditbox_hold
                WHERE customer_id = %(partner)s AND company_id = %(company)s
                  AND promise_id IS NULL""",
            **ids,
        )
        yield SQL(
            """SELECT 'promise', id, create_date FROM creditbox_promise
                WHERE partner_id = %(partner)s AND company_id = %(company)s""",
            **ids,
        )
        yield SQL(
            """SELECT 'call', id, date FROM creditbox_call
                WHERE partner_id = %(partner)s AND company_id = %(company)s""",
            **ids,
        )
        yield SQL(
            """SELECT 'meter', history.id, history.date::timestamp
                 FROM creditbox_supply AS supply
                 JOIN creditbox_meter_state_history AS history
                   ON history.meter_id = supply.meter_id
                WHERE supply.partner_id = %(partner)s
                  AND supply.company_id = %(company)s
                  AND history.date >= COALESCE(supply.date_start, history.date)""",
            **ids,
        )
        yield from self._sql_messages(partner, company)

    def _sql_payments(self, partner, company):
        accounts = self.env["creditbox.position"]._receivable_accounts(company).ids
        return SQL(
            """SELECT 'payment', line.id, line.date::timestamp
                 FROM account_move_line AS line
                 JOIN res_partner AS partner ON partner.id = line.partner_id
                 JOIN account_move AS move ON move.id = line.move_id
                WHERE partner.commercial_partner_id = %s AND line.company_id = %s
                  AND line.account_id = ANY(%s) AND line.parent_state = 'posted'
                  AND line.balance < 0 AND move.move_type = 'entry'""",
            partner.id,
            company.id,
            accounts,
        )

    def _sql_messages(self, partner, company):
        """Notes and mails on the customer (if he is of this company alone), his
        positions and promises, without the texts of actions and mailings."""
        positions = SQL(
            "(SELECT id FROM creditbox_position WHERE partner_id = %s"
            " AND company_id = %s)",
            partner.id,
            company.id,
        )
        places = [("creditbox.position", positions)]
        if partner.company_id == company:
            places.append(("res.partner", SQL("(%s)", partner.id)))
        for model, ids in places:
            yield SQL(
                """SELECT CASE WHEN m.message_type = 'email' THEN 'reply'
                               ELSE 'note' END, m.id, m.date
                     FROM mail_message AS m
                    WHERE m.model = %s AND m.res_id IN %s
                      AND m.body IS NOT NULL AND m.body NOT IN ('', '<p></p>')
                      AND m.message_type <> 'user_notification'
                      AND NOT EXISTS (SELECT FROM creditbox_action AS a
                                       WHERE a.message_id = m.id)
                      AND NOT EXISTS (SELECT FROM creditbox_mailing_recipient AS r
                                       WHERE r.message_id = m.id)""",
                model,
                ids,
            )
