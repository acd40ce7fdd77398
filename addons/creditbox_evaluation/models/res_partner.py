from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    creditbox_rating_label = fields.Char(
        string="Evaluation",
        compute="_compute_creditbox_rating",
        help="Band and score, of the first of the chosen companies that knows one.",
    )
    creditbox_alert_count = fields.Integer(
        string="Open Alerts", compute="_compute_creditbox_rating"
    )

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_creditbox_rating(self):
        labels = self._creditbox_rating_labels()
        counts = self._creditbox_alert_counts()
        for partner in self:
            keys = [
                (partner.commercial_partner_id.id, company.id)
                for company in self.env.companies
            ]
            found = [labels[key] for key in keys if key in labels]
            partner.creditbox_rating_label = found[0] if found else ""
            partner.creditbox_alert_count = sum(counts.get(key, 0) for key in keys)

    def _creditbox_rating_labels(self):
        """:return: {(customer id, company id): band and score in the reader's words}"""
        ratings = self.env["creditbox.rating"].search(
            [("partner_id", "in", self.commercial_partner_id.ids)]
        )
        return {
            (rating.partner_id.id, rating.company_id.id): rating._label()
            for rating in ratings
        }

    def _creditbox_alert_counts(self):
        """:return: {(customer id, company id): number of alerts not closed}"""
        groups = self.env["creditbox.alert"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "!=", "closed"),
            ],
            ["partner_id", "company_id"],
            ["__count"],
        )
        return {(partner.id, company.id): count for partner, company, count in groups}

    def action_open_creditbox_rating(self):
        return self._creditbox_open_ratings(self.env.companies)

    def action_open_creditbox_alerts(self):
        return self._creditbox_open_alerts(self.env.companies)

    def _creditbox_open_ratings(self, companies):
        ratings = self.env["creditbox.rating"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", companies.ids),
            ]
        )
        return ratings._get_records_action(name=self.env._("Evaluation"))

    def _creditbox_open_alerts(self, companies):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "creditbox_evaluation.creditbox_alert_action"
        )
        domain = [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "in", companies.ids),
        ]
        context = {
            "default_partner_id": self.commercial_partner_id[:1].id,
            "search_default_not_closed": 1,
        }
        if len(companies) == 1:
            context["default_company_id"] = companies.id
        return dict(action, domain=domain, context=context)
