from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain
from odoo.tools import SQL

from .creditbox_console_figure import AMOUNTS, DIMENSIONS

SUMS = [f"{name}:sum" for name in AMOUNTS] + ["bill_count:sum"]
CUT_ROWS = 60  # the longest list of a cut; the rest is summed up by the reader
PAGE = 20
# What is shown of a customer, and that he may be ordered by: SQL of his due dates.
CUSTOMER_ORDERS = {
    "amount_overdue": "SUM(amount_overdue)",
    "amount_not_due": "SUM(amount_not_due)",
    "amount_credit": "SUM(amount_credit)",
    "amount_held": "SUM(amount_held)",
    "amount_balance": "SUM(amount_overdue + amount_not_due - amount_credit)",
    "oldest": "MIN(date_maturity) FILTER (WHERE amount_overdue > 0)",
    "bill_count": "COUNT(*)",
    "name": "",
}


class CreditboxConsole(models.AbstractModel):
    """What the page of the console asks for.

    ``params`` of each method: ``as_of`` (day in the past, or empty: now), ``snapshot``
    (id of a snapshot, or empty), ``filters`` ({dimension: list of values}; values of
    one dimension are alternatives, dimensions narrow each other down; ``kind`` is one
    of overdue, not_due, credit, held).

    Figures are of the companies that the user has ticked; they are read through the
    ORM, so that its record rules hold.
    """

    _name = "creditbox.console"
    _description = "Credit Console"

    # -- what the page shows -------------------------------------------------------

    @api.model
    def load(self, params):
        """All figures but the customers.

        :return: {"day", "past", "snapshot", "currency_id", "companies", "left_out",
            "made", "totals": amounts and bill_count, "buckets": [figures of each age],
            "cuts": [{"dimension", "label", "rows": [figures with value and label]}],
            "filters": [{"dimension", "label", "values": [{"value", "label"}]}]}
        """
        self.env["creditbox.position"].check_access("read")
        companies, left_out = self._companies()
        snapshots = self._snapshots(params, companies)
        cells, base = self._cells(companies, snapshots)
        domain = base & self._domain(params, snapshots)
        day = self._day(params, companies, snapshots)
        return {
            "day": Date.to_string(day),
            "past": bool(snapshots),
            "snapshot": snapshots.display_name if params.get("snapshot") else False,
            "made": Date.to_string(min(snapshots.mapped("create_date")))
            if snapshots
            else False,
            "currency_id": companies[:1].currency_id.id,
            "companies": companies.mapped("name"),
            "left_out": left_out.mapped("name"),
            "totals": self._totals(cells, domain),
            "buckets": self._buckets(cells, domain, companies, snapshots),
            "cuts": [
                {
                    "dimension": dimension,
                    "label": label,
                    "rows": self._cut(cells, domain, dimension),
                }
                for dimension, label in self._cut_labels(companies).items()
            ],
            "filters": self._filters_described(params, companies, snapshots),
        }

    @api.model
    def customers(self, params, order="amount_overdue desc", offset=0, limit=PAGE):
        """A page of the customers behind the figures.

        :param order: column of CUSTOMER_ORDERS, a blank, asc or desc
        :return: {"rows": [{"id", "name", "code", "company", "oldest", "days",
            "bill_count", amounts}], "count", "overdue_count"}
        """
        self.env["creditbox.position"].check_access("read")
        companies, _left_out = self._companies()
        snapshots = self._snapshots(params, companies)
        day = self._day(params, companies, snapshots)
        rows = self.env.execute_query_dict(
            self._sql_customers(params, companies, snapshots, order, offset, limit)
        )
        partners = self.env["res.partner"].browse(row["id"] for row in rows)
        partners = partners.with_context(active_test=False).exists()
        described = {
            partner.id: (partner.name, partner.creditbox_code) for partner in partners
        }
        count = overdue_count = 0
        for row in rows:
            count, overdue_count = row.pop("count"), row.pop("overdue_count")
            row["name"], row["code"] = described.get(row["id"], (False, False))
            row["name"] = row["name"] or self.env._("Customer deleted since")
            row["days"] = max((day - row["oldest"]).days, 0) if row["oldest"] else 0
            row["oldest"] = Date.to_string(row["oldest"]) if row["oldest"] else False
            for name in (*AMOUNTS, "amount_balance"):
                row[name] = float(row[name])
        if not rows and offset:
            return self.customers(params, order, 0, limit)
        return {"rows": rows, "count": count, "overdue_count": overdue_count}

    @api.model
    def feeds(self):
        """Whether the data of each company can be trusted.

        :return: [{"company", "state": green, amber (somebody answers for it) or red,
            "problems"}]
        """
        self.env["creditbox.position"].check_access("read")
        feeds = []
        for company in self.env.companies:
            problems = company._creditbox_feed_problems()
            held = problems and company._creditbox_red_light()
            feeds.append(
                {
                    "company": company.name,
                    "state": "red" if held else "amber" if problems else "green",
                    "problems": problems,
                }
            )
        return feeds

    # -- where the figures come from -----------------------------------------------

    @api.model
    def _companies(self):
        """The companies ticked that keep their accounts in the first one's currency.

        :return: those whose figures are added up, and those left out
        """
        companies = self.env.companies
        same = companies.filtered(
            lambda company: company.currency_id == self.env.company.currency_id
        )
        return same, companies - same

    @api.model
    def _snapshots(self, params, companies):
        """:return: the snapshots that are looked at, none for the present"""
        snapshots = self.env["creditbox.snapshot"]
        if params.get("snapshot"):
            found = snapshots.search(
                Domain("id", "=", params["snapshot"])
                & Domain("company_id", "in", companies.ids)
            )
            if not found:
                raise UserError(
                    self.env._(
                        "This snapshot is of a company that you have not ticked."
                    )
                )
            return found
        day = Date.to_date(params.get("as_of") or False)
        if not day:
            return snapshots
        if day > self.env.company._creditbox_today():
            raise UserError(
                self.env._("What will be open on a day to come is not known.")
            )
        return snapshots._views(companies, day)

    @api.model
    def _day(self, params, companies, snapshots):
        return snapshots[:1].date or companies[:1]._creditbox_today()

    @api.model
    def _cells(self, companies, snapshots):
        """:return: model of the sums, and which of its rows count"""
        if snapshots:
            domain = Domain("snapshot_id", "in", snapshots.ids)
            return self.env["creditbox.snapshot.row"], domain
        domain = Domain("company_id", "in", companies.ids)
        return self.env["creditbox.console.cell"], domain

    @api.model
    def _lines(self, companies, snapshots):
        """:return: model of the due dates, and which of its rows count"""
        if snapshots:
            domain = Domain("snapshot_id", "in", snapshots.ids)
            return self.env["creditbox.snapshot.line"], domain
        domain = Domain("company_id", "in", companies.ids)
        return self.env["creditbox.console.line"], domain

    @api.model
    def _domain(self, params, snapshots):
        """The filters as a domain that fits sums and due dates alike."""
        domain = Domain.TRUE
        dimensions = self._dimension_labels()
        for dimension, values in (params.get("filters") or {}).items():
            if dimension == "kind":
                kinds = [self._domain_kind(kind, snapshots) for kind in values]
                domain &= Domain.OR(kinds)
            elif dimension not in dimensions:
                raise UserError(self.env._("There is no such filter."))
            elif values:
                domain &= Domain(dimension, "in", list(values))
        return domain

    @api.model
    def _domain_kind(self, kind, snapshots):
        if kind == "held":
            return Domain("held", "=", True)
        if kind == "credit":
            return Domain("bucket_id", "=", False)
        ids = [
            bucket["id"]
            for bucket in self._bucket_definitions(self.env.companies, snapshots)
            if bucket["overdue"] == (kind == "overdue")
        ]
        return Domain("bucket_id", "in", ids)

    # -- the figures ---------------------------------------------------------------

    @api.model
    def _totals(self, cells, domain):
        [sums] = cells._read_group(domain, [], SUMS)
        return self._figures(sums)

    @api.model
    def _figures(self, sums):
        figures = dict(zip((*AMOUNTS, "bill_count"), sums, strict=True))
        figures = {name: amount or 0 for name, amount in figures.items()}
        figures["amount_balance"] = (
            figures["amount_overdue"]
            + figures["amount_not_due"]
            - figures["amount_credit"]
        )
        return figures

    @api.model
    def _buckets(self, cells, domain, companies, snapshots):
        """Every age, those with nothing too, in their order.

        Buckets of several companies are one where they span the same days.
        """
        groups = cells._read_group(domain, ["bucket_id"], SUMS)
        sums = {bucket.id: self._figures(amounts) for bucket, *amounts in groups}
        found = {}
        for bucket in self._bucket_definitions(companies, snapshots):
            key = (bucket["overdue"], bucket["day_from"], bucket["day_to"])
            row = found.setdefault(
                key,
                {**bucket, "ids": [], "amount": 0, "amount_held": 0, "bill_count": 0},
            )
            figures = sums.get(bucket["id"])
            row["ids"].append(bucket["id"])
            if figures:
                kind = "amount_overdue" if bucket["overdue"] else "amount_not_due"
                row["amount"] += figures[kind]
                row["amount_held"] += figures["amount_held"]
                row["bill_count"] += figures["bill_count"]
        return [found[key] for key in sorted(found, key=lambda k: k[:2])]

    @api.model
    def _bucket_definitions(self, companies, snapshots):
        """:return: [{id, name, overdue, day_from, day_to}], each bucket once"""
        if snapshots:
            lang = self.env.lang or "en_US"
            found = [
                {**b, "name": b["name"].get(lang) or next(iter(b["name"].values()))}
                for snapshot in snapshots
                for b in snapshot.buckets or []
            ]
        else:
            model = self.env["creditbox.age.bucket"]
            buckets = model.union(*(model._of(company) for company in companies))
            found = buckets.read(["name", "overdue", "day_from", "day_to"])
        return list({bucket["id"]: bucket for bucket in found}.values())

    @api.model
    def _dimension_labels(self):
        figures = self.env["creditbox.console.cell"].fields_get(attributes=["string"])
        return {name: figures[name]["string"] for name in DIMENSIONS if name != "held"}

    @api.model
    def _cut_labels(self, companies):
        """The cuts in their order; that by company only where there are several."""
        labels = self._dimension_labels()
        del labels["bucket_id"]
        if len(companies) < 2:
            del labels["company_id"]
        return labels

    @api.model
    def _cut(self, cells, domain, dimension):
        """:return: the figures of each value, most overdue first"""
        groups = cells._read_group(
            domain,
            [dimension],
            SUMS,
            order="amount_overdue:sum desc, amount_not_due:sum desc",
            limit=CUT_ROWS,
        )
        labels = self._labels(dimension, [value for value, *_sums in groups])
        rows = []
        for value, *sums in groups:
            figures = self._figures(sums)
            if figures["bill_count"]:
                key = value if dimension == "city" else value.id
                rows.append(
                    {**figures, "value": key or False, "label": labels[key or False]}
                )
        return rows

    @api.model
    def _sql_customers(self, params, companies, snapshots, order, offset, limit):
        """A page of customers with their sums, and how many there are in all.

        Of all customers only the order is computed, of those of the page the rest.
        """
        lines, base = self._lines(companies, snapshots)
        lines.flush_model()
        query = lines._search(base & self._domain(params, snapshots))
        column, _blank, direction = order.partition(" ")
        if column not in CUSTOMER_ORDERS or direction not in ("asc", "desc", ""):
            raise UserError(self.env._("There is no such order."))
        by_name = column == "name"
        where = query.where_clause or SQL("TRUE")
        return SQL(
            """
            WITH page AS MATERIALIZED (
                SELECT customer.id, %(place)s AS place,
                       COUNT(*) OVER () AS count,
                       COUNT(*) FILTER (WHERE overdue) OVER () AS overdue_count
                  FROM (SELECT partner_id AS id, %(key)s AS figure,
                               bool_or(amount_overdue > 0) AS overdue
                          FROM %(table)s
                         WHERE %(where)s
                         GROUP BY partner_id) AS customer
                  %(join)s
                 ORDER BY place %(direction)s NULLS LAST, customer.id
                 LIMIT %(limit)s OFFSET %(offset)s
            )
            SELECT page.id, page.count, page.overdue_count, sums.*
              FROM page
             CROSS JOIN LATERAL (
                SELECT %(sums)s FROM %(table)s
                 WHERE %(where)s AND partner_id = page.id) AS sums
             ORDER BY page.place %(direction)s NULLS LAST, page.id
            """,
            table=query.from_clause,
            where=where,
            key=SQL("NULL") if by_name else SQL(CUSTOMER_ORDERS[column]),
            sums=SQL(", ").join(
                SQL("%s AS %s", SQL(value), SQL.identifier(name))
                for name, value in CUSTOMER_ORDERS.items()
                if value
            ),
            join=SQL("LEFT JOIN res_partner AS p ON p.id = customer.id")
            if by_name
            else SQL(),
            place=SQL("p.name") if by_name else SQL("customer.figure"),
            direction=SQL("ASC") if direction == "asc" else SQL("DESC"),
            limit=int(limit),
            offset=int(offset),
        )
