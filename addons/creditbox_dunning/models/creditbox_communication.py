from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import gsm, placeholder
from ..tools.bill_tables import bill_tables
from ..tools.formatter import Formatter
from ..tools.placeholder_names import BLOCK_NAMES
from ..tools.statement import Debt, Statement


@dataclass(frozen=True)
class Case:
    """One communication to be written.

    ``line_ids``: receivable lines that it is about; None: all that is overdue.
    ``joined``: cases of the customer's other supplies that this one speaks of too.
    """

    key: int
    position: object
    template: object
    as_of: date
    line_ids: frozenset | None = None
    reference: str = ""
    lang: str | None = None  # instead of the customer's
    joined: tuple = ()
    action: object = None  # creditbox.action that it carries out, if any

    @property
    def parts(self):
        """:return: the cases, one a supply, itself the first"""
        return (self, *self.joined)

    @property
    def company(self):
        return self.position.company_id


class Texts(NamedTuple):
    """The texts of a template in one language, ready to be filled."""

    subject: placeholder.Text
    body: placeholder.Text
    sms: placeholder.Text

    @property
    def names(self):
        """:return: set of the placeholders in them"""
        return {name for text in self for name in text.names}


class Figures(NamedTuple):
    """What the regulation says of a service and a type of customer."""

    notice_terms: object  # creditbox.regulation.term: from due date to formal notice
    instalment_days: int  # before the last day to pay


@dataclass
class Communication:
    """A case with what it says."""

    case: Case
    statement: Statement
    lang: str
    today: date
    formatter: Formatter
    texts: Texts
    figures: Figures
    headings: tuple = ()  # of the bills of each supply, where there are several
    values: dict = field(default_factory=dict)
    alone: dict = field(default_factory=dict)  # what lists say of its first supply
    numbers: dict = field(default_factory=dict)  # instead of lists
    tables: dict = field(default_factory=dict)

    @property
    def deadline(self):
        return self.today + timedelta(days=self.case.template.deadline_days)

    @property
    def instalment_deadline(self):
        """Instalments are asked for some days before the last day to pay."""
        days = timedelta(days=self.figures.instalment_days)
        return max(self.today, self.deadline - days)

    @property
    def formal_notice_date(self):
        """Not before the last day to pay, nor before the terms from the due dates."""
        first = [
            term._first_day(debt.due)
            for term in self.figures.notice_terms
            for debt in self.statement.bills
        ]
        return max([self.deadline, *first])

    def subject(self):
        return self.texts.subject.fill(self.values)

    def html(self):
        return self.texts.body.fill_html(self.values | self.tables)

    def sms(self):
        """An SMS for several supplies is to take no more segments than for the first.

        Lists give way to numbers then, but for payment codes: each is needed.
        """
        text = self._fill_sms({})
        if self.case.joined:
            room = gsm.measure(self._fill_sms(self.alone)).segments
            if gsm.measure(text).segments > room:
                return self._fill_sms(self.numbers)
        return text

    def _fill_sms(self, values):
        return gsm.to_gsm(self.texts.sms.fill(self.values | values))


class CreditboxCommunication(models.AbstractModel):
    """Writes the texts of many communications at once.

    The number of queries does not depend on how many are written.
    """

    _name = "creditbox.communication"
    _description = "Communication to Customers"

    # ------------------------------------------------------------------
    # what to write about
    # ------------------------------------------------------------------
    @api.model
    def _cases(self, actions):
        """:return: list of :class:`Case`, one for each message that has a text"""
        groups = actions.grouped(lambda action: (action.company_id, action.run_id))
        days = {key: group[:1]._gate_date() for key, group in groups.items()}
        line_ids = self._line_ids(actions)
        cases = {}
        rows = actions.grouped(lambda action: (action.rule_id, action.code))
        for (rule, code), group in rows.items():
            for (service, company), batch in group.grouped(
                lambda a: (a.position_id.service_type_id, a.company_id)
            ).items():
                template = rule._template(code, service, company)
                for action in batch if template else ():
                    cases[action] = Case(
                        key=action.id,
                        position=action.position_id,
                        template=template,
                        as_of=days[company, action.run_id],
                        line_ids=frozenset(line_ids.get(action.id, ())),
                        reference=f"{action.run_id.name or ''}/{action.id}".lstrip("/"),
                        action=action,
                    )
        return self._joined_cases(cases)

    @api.model
    def _joined_cases(self, cases):
        """Make one case of those that share a message.

        :param cases: {action: Case}
        :return: list of Case
        """
        messages = {}
        for action, case in cases.items():
            messages.setdefault(action.lead_id or action, []).append(case)
        joined = []
        for parts in messages.values():
            first, *others = sorted(parts, key=lambda case: case.key)
            joined.append(replace(first, joined=tuple(others)) if others else first)
        return joined

    @api.model
    def _line_ids(self, actions):
        """:return: {action id: ids of the receivable lines that it is about}"""
        if not actions:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT l.action_id, array_agg(i.move_line_id)
                      FROM creditbox_action_line l
                      JOIN creditbox_item i ON i.id = l.item_id
                     WHERE l.action_id IN %s
                     GROUP BY l.action_id
                    """,
                    tuple(actions.ids),
                )
            )
        )

    @api.model
    def _statements(self, cases):
        """What is owed, case by case.

        :return: {key of the case: Statement}
        """
        statements = {}
        groups = {}
        for part in (part for case in cases for part in case.parts):
            groups.setdefault((part.company, part.as_of), []).append(part)
        for (company, as_of), batch in groups.items():
            debts = self._debts(company, as_of, batch)
            for case in batch:
                own = debts.get(case.position.id, [])
                if case.line_ids is None:
                    statements[case.key] = Statement(tuple(own))
                    continue
                statements[case.key] = Statement(
                    tuple(debt for debt in own if debt.line_id in case.line_ids),
                    tuple(debt for debt in own if debt.line_id not in case.line_ids),
                )
        self._add_surcharges(cases, statements)
        return {
            case.key: Statement.joint([statements[part.key] for part in case.parts])
            if case.joined
            else statements[case.key]
            for case in cases
        }

    def _debts(self, company, as_of, cases):
        """:return: {position id: [Debt], oldest due date first}"""
        position_ids = tuple({case.position.id for case in cases})
        positions = self.env["creditbox.position"].browse(position_ids)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, o.line_id,
                       COALESCE(NULLIF(m.creditbox_ref, ''), m.name),
                       m.invoice_date, o.date_due,
                       m.amount_total_signed, o.amount_open,
                       COALESCE(m.creditbox_payment_code, '')
                  FROM (%(open_items)s) o
                  JOIN creditbox_position p
                    ON p.company_id = %(company)s AND p.partner_id = o.partner_id
                   AND p.supply_id IS NOT DISTINCT FROM o.supply_id
                  JOIN account_move m ON m.id = o.move_id
                 WHERE p.id IN %(positions)s AND o.amount_open > 0
                 ORDER BY p.id, o.date_due, o.line_id
                """,
                open_items=self.env["creditbox.evaluation"]._sql_open_items(
                    company, as_of, positions.partner_id
                ),
                company=company.id,
                positions=position_ids,
            )
        )
        debts = {}
        for position_id, *values in rows:
            line_id, number, day, due, amount, open_amount, code = values
            debts.setdefault(position_id, []).append(
                Debt(line_id, number, day, due, float(amount), float(open_amount), code)
            )
        return debts

    # ------------------------------------------------------------------
    # writing
    # ------------------------------------------------------------------
    @api.model
    def _write_cases(self, cases, tables=False):
        """Fill in what each case says.

        :param tables: also render the tables of bills, as HTML
        :return: list of :class:`Communication`, in the order of ``cases``
        """
        statements = self._statements(cases)
        languages = self._languages(cases)
        groups = {}
        for case in cases:
            key = (languages[case.key], case.company)
            groups.setdefault(key, []).append(case)
        written = {}
        for (lang, company), batch in groups.items():
            writer = self.with_context(lang=lang)
            for communication in writer._write_group(company, batch, statements):
                written[communication.case.key] = communication
            labels = writer._labels()
            for case in batch if tables else ():
                communication = written[case.key]
                communication.tables = bill_tables(
                    communication.statement,
                    labels,
                    communication.formatter,
                    communication.headings,
                )
        return [written[case.key] for case in cases]

    def _write_group(self, company, cases, statements):
        """The communications of one company in the language of the environment."""
        lang = self.env.lang
        formatter = Formatter(self.env, lang, company.currency_id)
        today = company._creditbox_today()
        shared = self._company_values(company)
        figures = self._figures(company, cases, today)
        texts = {
            template: self._texts(template)
            for template in {case.template for case in cases}
        }
        for case in cases:
            communication = Communication(
                case,
                statements[case.key],
                lang,
                today,
                formatter,
                texts[case.template],
                self._strictest([figures[self._kind(part)] for part in case.parts]),
            )
            communication.headings = self._headings(case)
            communication.values = shared | self._values(communication)
            if case.joined and case.template.code == "sms":
                self._shorten(communication)
            yield communication

    def _kind(self, case):
        """:return: what the regulation tells customers apart by"""
        position = case.position
        partner_type = position.partner_id.creditbox_customer_type_id
        return position.supply_id.service_type_id, partner_type

    def _figures(self, company, cases, today):
        """:return: {service and customer type: Figures}"""
        law = self.env["creditbox.chain"]._law(company, today)
        examples = {
            self._kind(part): part.position for case in cases for part in case.parts
        }
        return {
            kind: Figures(
                law.terms_of(position, "notice").filtered(lambda t: t.event == "due"),
                int(law.figure("instalment_request_days", kind[0])),
            )
            for kind, position in examples.items()
        }

    def _strictest(self, figures):
        """What is right for all supplies: the longest terms, the earliest days."""
        terms = [figure.notice_terms for figure in figures]
        days = max(figure.instalment_days for figure in figures)
        return Figures(terms[0].union(*terms[1:]), days)

    def _languages(self, cases):
        """The customer's language where it is installed, else the company's."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        languages = {}
        for case in cases:
            wanted = (
                case.lang,
                case.position.partner_id.lang,
                case.company.partner_id.lang,
            )
            languages[case.key] = next(
                (lang for lang in wanted if lang in installed), "en_US"
            )
        return languages

    def _texts(self, template):
        template = template.with_env(self.env)
        return Texts(
            placeholder.compile_text(template.subject),
            placeholder.compile_html(template.body, BLOCK_NAMES),
            placeholder.compile_text(template.text),
        )
