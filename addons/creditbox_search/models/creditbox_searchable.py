import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, create_index, make_identifier
from odoo.tools.misc import formatLang

# Written with or without its accents, a name is the same name.
FROM, TO = "àáâäèéêëìíîïòóôöùúûüçñ", "aaaaeeeeiiiioooouuuucn"
WORD = "a-z0-9"
SHORTEST = 3  # characters of the longest word typed: shorter ones begin too many
MOST = 5000  # rows: more than anybody reads, few enough to be quick


class CreditboxSearchable(models.AbstractModel):
    """Records that are found by words, in whichever of their columns.

    What is searched are words as PostgreSQL's full text search keeps them, but split
    by us: its own parser takes codes and numbers apart in ways of its own.
    """

    _name = "creditbox.searchable"
    _description = "Found by Anything"

    _creditbox_search_columns = ()  # stored texts, or SQL made of them
    _creditbox_search_where = "TRUE"  # rows that are ever looked for

    creditbox_search = fields.Char(
        string="Anything",
        store=False,
        search="_search_creditbox_search",
        help="The beginnings of words, in any order, each in any of the fields.",
    )

    def _auto_init(self):
        result = super()._auto_init()
        if self._creditbox_search_columns:
            create_index(
                self.env.cr,
                make_identifier(f"{self._table}_creditbox_search_idx"),
                self._table,
                [self._creditbox_search_vector()],
                method="gin",
                where=self._creditbox_search_where,
            )
        return result

    @api.model
    def _creditbox_search_vector(self):
        """:return: the words of a row, as an SQL expression of type tsvector"""
        columns = (f"coalesce({name}, '')" for name in self._creditbox_search_columns)
        text = " || ' ' || ".join(columns)
        text = f"translate(lower({text}), '{FROM}', '{TO}')"
        # 0004711 is found as 4711 too
        text = rf"({text}) || ' ' || regexp_replace({text}, '\m0+', '', 'g')"
        words = f"array_remove(regexp_split_to_array({text}, '[^{WORD}]+'), '')"
        return f"array_to_tsvector({words})"

    @api.model
    def _search_creditbox_search(self, operator, value):
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        words = self._creditbox_search_words(value)
        if not any(len(word) >= SHORTEST for word in words):
            return Domain.FALSE
        self.flush_model()
        return Domain("id", "in", self._creditbox_search_ids(words))

    @api.model
    def _creditbox_search_words(self, value):
        """:return: words as they stand in the vector, or their beginnings"""
        text = value.lower().translate(str.maketrans(FROM, TO))
        return re.findall(f"[{WORD}]+", text)

    @api.model
    def _creditbox_search_ids(self, words):
        """The ids, as SQL that the planner does not mix with the rest of the search.

        Words are often rarer than the planner believes; it would walk through the whole
        table in the order of the list to find the first page.
        """
        return SQL(
            """(
            WITH found AS MATERIALIZED (
                SELECT id FROM %(table)s
                 WHERE %(where)s AND %(vector)s @@ %(words)s::tsquery
                   AND (company_id IS NULL OR company_id = ANY(%(companies)s))
                 LIMIT %(most)s)
            SELECT id FROM found)""",
            table=SQL.identifier(self._table),
            where=SQL(self._creditbox_search_where),
            vector=SQL(self._creditbox_search_vector()),
            words=" & ".join(f"'{word}':*" for word in words),
            companies=self.env.companies.ids,
            most=MOST,
        )

    def _creditbox_search_results(self):
        """What the box shows of each: name, what tells it apart, the amount at stake.

        :return: [{"id", "name", "detail", "amount"}], amounts as text or False
        """
        raise NotImplementedError

    @api.model
    def _creditbox_search_amount(self, amount, currency):
        if currency.is_zero(amount):
            return False
        return formatLang(self.env, amount, currency_obj=currency)
