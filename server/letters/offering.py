"""Decides which actions on a letter are open to a person now; a page offers exactly these."""

from models import Letter
from server.letters.actions import ACTIONS, Standing
from server.letters.kinds import Kinds
from server.letters.reading import seen_by
from server.people import Actor, may


async def actions_open_to(actor: Actor, letter: Letter, *, kinds: Kinds) -> list[str]:
    """Return the codes of the actions that this person may take on a letter, in the table's order."""
    reached = {
        permission
        for permission in {action.permission for action in ACTIONS}
        if may(actor.duties, permission) and await seen_by(actor, permission).filter(id=letter.id).exists()
    }
    roles = {duty.role for duty in actor.duties}
    kind = kinds.by_code.get(letter.kind)
    signs = kind is not None and bool(roles & set(kind.signs)) and letter.drafted_by_id != actor.person.id
    at = Standing(letter, signs)
    return [one.code for one in ACTIONS if one.permission in reached and one.open_when(at)]
