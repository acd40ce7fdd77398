from odoo import models


class CreditboxAction(models.Model):
    """One message for several actions: the first of them leads, the others join it.

    Queue, lot and receipts know the lead alone. What becomes of the message becomes of
    all of them; until it leaves, each can still be taken out.
    """

    _inherit = "creditbox.action"

    def _leads(self):
        """:return: the actions that the messages of these stand for"""
        if not self.lead_id:
            return self  # with all that its set has in the cache
        return self.filtered(lambda action: not action.lead_id) | self.lead_id

    def _joined(self):
        """:return: the actions, with all those that share their messages"""
        leads = self._leads()
        others = leads.joined_ids
        return leads | others if others else leads

    def _join(self):
        """Share one message from now on.

        :return: the first, which leads
        """
        actions = self.sorted("id")
        lead, others = actions[:1], actions[1:]
        lead.sudo().lead_id = False  # as the system, see the class
        others.sudo().lead_id = lead
        return lead

    def _leave_message(self):
        """These are no longer part of it; others still are."""
        self.sudo().write({"lead_id": False, "message_id": False})

    # ------------------------------------------------------------------
    # who is written to together
    # ------------------------------------------------------------------
    def _with_companions(self):
        """:return: the actions, with the ready ones that may share their messages"""
        joint = self.filtered("company_id.creditbox_joint")
        if not joint:
            return self
        positions = self.env["creditbox.position"].search(
            [
                ("partner_id", "in", joint.partner_id.ids),
                ("company_id", "in", joint.company_id.ids),
            ]
        )
        companions = self.search(
            [
                ("position_id", "in", positions.ids),
                ("run_id", "in", joint.run_id.ids),
                ("state", "=", "ready"),
            ]
        )
        # those that another node has taken go without these
        return self | (companions - self).try_lock_for_update()

    def _share_messages(self):
        """Before they are written: one message a customer, where the company wants it.

        Together go only actions of one run and channel that say the same.
        """
        leads, texts, rows = {}, {}, []
        for action in self.sorted("id"):
            text = action._shared_text(texts)
            lead = leads.setdefault(action._sharing_key(text), action) if text else None
            rows.append((action, lead if lead != action else None))
        self.env["creditbox.channel"]._note(
            {"lead_id": "integer"},
            [
                (action.id, lead and lead.id)
                for action, lead in rows
                if action.lead_id != (lead or self.browse())
            ],
        )
        self.invalidate_recordset(["joined_ids"])

    def _shared_text(self, texts):
        """:return: creditbox.template of an action that may share its message, or None

        :param texts: dict that remembers what was found
        """
        company, service = self.company_id, self.position_id.service_type_id
        if not company.creditbox_joint:
            return None
        key = (self.rule_id, self.code, service, company)
        if key not in texts:
            texts[key] = self.rule_id._template(self.code, service, company)
        return texts[key]

    def _sharing_key(self, text):
        """What actions must have in common; a step of the law also the service.

        The law counts its terms by the service: one date must be right for all.
        """
        step = self.rule_id.legal_step
        service = self.position_id.service_type_id if step else None
        return self.company_id, self.run_id, self.partner_id, text, step, service
