from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL


class CreditboxHalfPayment(models.AbstractModel):
    """A condominium that pays a good part of its debt in time is left alone.

    One single payment, within the last day to pay that the notice names, of at least
    the share that the act says (``condominium_share``) stops the procedure; the balance
    is due within ``condominium_months`` of it, then the procedure goes on.
    """

    _name = "creditbox.half.payment"
    _description = "Part Payment of a Condominium"

    @api.model
    def _until(self, positions):
        """Return until when the balance of part payments may wait.

        :param positions: creditbox.position
        :return: {position id: datetime.date}, of those alone that are left alone today
        """
        positions = positions.filtered("supply_id.condominium")
        until = {}
        for company, group in positions.grouped("company_id").items():
            day = company._creditbox_today()
            law = self.env["creditbox.chain"]._law(company, day)
            for service, those in group.grouped("supply_id.service_type_id").items():
                share = law.figure("condominium_share", service)
                months = int(law.figure("condominium_months", service))
                if share and months:
                    until.update(self._until_by(those, share, months, day))
        return until

    def _until_by(self, positions, share, months, day):
        self.env.flush_all()
        paid_on = dict(self.env.execute_query(self._sql_paid_on(positions, share)))
        ends = {
            position_id: paid + relativedelta(months=months)
            for position_id, paid in paid_on.items()
        }
        return {id_: end for id_, end in ends.items() if end >= day}

    def _sql_paid_on(self, positions, share):
        """SELECT (position id, day) of payments that make up the share of the notice.

        What of the payment is not matched yet counts too, if it is of the supply or of
        none.
        """
        return SQL(
            """
            WITH notice AS (
                SELECT DISTINCT ON (a.position_id)
                       a.id, a.position_id, a.amount, a.date_done, a.date_deadline,
                       a.company_id
                  FROM creditbox_action a
                  JOIN creditbox_rule r ON r.id = a.rule_id
                 WHERE a.position_id = ANY(%(positions)s)
                   AND r.legal_step = 'notice' AND a.state IN ('done', 'delivered')
                 ORDER BY a.position_id, a.date_done DESC, a.id DESC
            ), part AS (
                SELECT n.id, c.move_id, c.date, p.amount
                  FROM notice n
                  JOIN creditbox_action_line l ON l.action_id = n.id
                  JOIN creditbox_item i ON i.id = l.item_id
                  JOIN account_partial_reconcile p ON p.debit_move_id = i.move_line_id
                  JOIN account_move_line c ON c.id = p.credit_move_id
                 UNION ALL
                SELECT n.id, c.move_id, c.date, -c.amount_residual
                  FROM notice n
                  JOIN creditbox_position q ON q.id = n.position_id
                  JOIN account_move_line c
                    ON c.partner_id = q.partner_id AND c.company_id = n.company_id
                   AND c.parent_state = 'posted' AND c.amount_residual < 0
                  JOIN account_account t
                    ON t.id = c.account_id AND t.account_type = 'asset_receivable'
                  JOIN account_move m
                    ON m.id = c.move_id
                   AND COALESCE(m.creditbox_supply_id, q.supply_id) = q.supply_id
            )
            SELECT position_id, MAX(date)
              FROM (
                SELECT n.position_id, part.date
                  FROM notice n
                  JOIN part USING (id)
                 WHERE part.date BETWEEN n.date_done AND n.date_deadline
                 GROUP BY n.position_id, n.amount, part.move_id, part.date
                HAVING SUM(part.amount) >= n.amount * %(share)s / 100 - 0.004
              ) payment
             GROUP BY position_id
            """,
            positions=positions.ids,
            share=share,
        )
