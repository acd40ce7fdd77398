from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL

from .creditbox_action import DONE_STATES, PENDING_STATES

# names of actions that a report spells out
SHOWN = 50


class Undone(NamedTuple):
    """What became, or would become, of actions that are taken back."""

    stopped: models.Model  # had not been handed over: nothing was done
    recalled: models.Model  # done, but not out of the house: taken back
    left: models.Model  # out of the house: bills and fees go back, the message not
    refused: dict  # {creditbox.action: why}


class CreditboxAction(models.Model):
    """Chosen actions are taken back, whatever run they are of."""

    _inherit = "creditbox.action"

    def action_undo(self):
        """:return: window that says what will come back, and asks for the reason"""
        return self._window_undo()

    def _window_undo(self, lot=None):
        self._require("creditbox_base.group_supervisor")
        undo = self.env["creditbox.action.undo"].create(
            {"action_ids": self.ids, "lot_id": lot and lot.id}
        )
        return undo._window()

    # ------------------------------------------------------------------
    # what can be taken back
    # ------------------------------------------------------------------
    def _undo_plan(self):
        """:return: :class:`Undone`, as it would be

        A letter about several supplies that has not been posted comes back as a whole.
        """
        whole = self | self._in_letters_that_wait()._joined()
        if whole != self:
            return whole._undo_plan()
        refused = self._refusals_of_undo()
        for action in self._in_letters_that_wait():
            if shared := action._joined() & self.browse(a.id for a in refused):
                refused.setdefault(action, refused[shared[0]])
        rest = self.filtered(lambda action: action not in refused)
        stopped = rest.filtered(lambda action: action.state not in DONE_STATES)
        recalled = self.browse()
        for channel, actions in (rest - stopped)._by_channel():
            recalled |= channel._recallable(actions)
        return Undone(stopped, recalled, rest - stopped - recalled, refused)

    def _in_letters_that_wait(self):
        return self.filtered(lambda action: action.letter_lot_id.state == "ready")

    def _refusals_of_undo(self):
        """:return: {creditbox.action: str}"""
        refused = {}
        for action in self:
            if action.state in ("failed", "cancelled", "undone"):
                refused[action] = self.env._("It has no effect any more")
            elif action.in_doubt:
                refused[action] = self.env._("Say first whether it has left")
            elif action.letter_lot_id.state == "sending":
                refused[action] = self.env._("Its lot is being handed over")
        return refused | self._gone_on({action.id for action in refused})

    def _gone_on(self, refused_ids):
        """Actions whose bills have gone on: the later step must come back first.

        :param refused_ids: ids of those that stay for other reasons
        :return: {creditbox.action: str}
        """
        later = self._later_steps()
        staying = set(refused_ids)
        reasons = {}
        found = True
        while found:  # what stays keeps those before it
            found = False
            for action in self:
                blocking = [
                    key
                    for key in later.get(action.id, ())
                    if key not in self._ids or key in staying
                ]
                if blocking and action.id not in staying:
                    staying.add(action.id)
                    name = self.browse(blocking[0]).rule_id.display_name
                    reasons[action] = self.env._(
                        "Its bills have gone on to «%s»: undo that first", name
                    )
                    found = True
        return reasons

    def _later_steps(self):
        """:return: {action id: ids of actions of a later step for the same bills}"""
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.action_id, array_agg(DISTINCT later.id ORDER BY later.id)
                  FROM creditbox_action_line own
                  JOIN creditbox_action a ON a.id = own.action_id
                  JOIN creditbox_action_line other ON other.item_id = own.item_id
                  JOIN creditbox_action later
                    ON later.id = other.action_id AND later.step > a.step
                 WHERE own.executed AND own.action_id = ANY(%s)
                   AND (other.executed OR later.state IN %s)
                 GROUP BY own.action_id
                """,
                self.ids,
                PENDING_STATES,
            )
        )
        return dict(rows)

    # ------------------------------------------------------------------
    # taking back
    # ------------------------------------------------------------------
    def _undo_chosen(self, reason):
        """Take back what can be; steps, dates and fees return.

        :param reason: str, kept on each action
        :return: :class:`Undone`
        """
        plan = self._undo_plan()
        plan.stopped._cancel(reason)
        done = plan.recalled | plan.left
        if done:
            self.env["creditbox.evaluation"]._lock_positions(done.position_id)
        left = done._undo(reason)
        done._message_log_batch(bodies=dict.fromkeys(done.ids, reason))
        self.env["creditbox.next.trial"]._foretell(done.position_id)
        return plan._replace(recalled=done - left, left=left)

    @api.model
    def _report_of_undo(self, undone, reason=""):
        """:return: Markup, what has come back and what has not, and why"""
        env = self.env
        lines = {
            env._("%s stopped before they left", len(undone.stopped)): undone.stopped,
            env._(
                "%s taken back: they had not left the house", len(undone.recalled)
            ): undone.recalled,
            env._(
                "%s had left: bills, dates and fees go back, the message cannot",
                len(undone.left),
            ): undone.left,
            env._("%s stay as they are", len(undone.refused)): undone.refused,
        }
        html = Markup("<p>%s</p>") % reason if reason else Markup()
        html += _list(line for line, actions in lines.items() if actions)
        html += self._names_of_undo(env._("Had left:"), undone.left)
        refusals = [
            f"{action.display_name}: {why}" for action, why in undone.refused.items()
        ]
        return html + self._listed(env._("Not undone:"), refusals)

    def _names_of_undo(self, title, actions):
        return self._listed(title, actions[:SHOWN].mapped("display_name"), len(actions))

    def _listed(self, title, texts, count=None):
        if not texts:
            return Markup()
        more = (count or len(texts)) - len(texts[:SHOWN])
        shown = list(texts[:SHOWN])
        if more > 0:
            shown.append(self.env._("and %s more", more))
        return Markup("<p>%s</p>") % title + _list(shown)


def _list(texts):
    items = Markup().join(Markup("<li>%s</li>") % text for text in texts)
    return Markup("<ul>%s</ul>") % items
