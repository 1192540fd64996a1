"""Decides which steps on a letter are open to a person now; a page offers exactly these."""

from models import Letter
from models.vocabulary import LetterState as S
from server.letters.kinds import Kinds
from server.letters.reading import seen_by
from server.letters.states import MACHINE
from server.people import Actor, Permission, may

OF_OFFICE = ("submit", "send_back", "void", "accept", "return_reply")
OF_ADDRESSEE = ("acknowledge", "reply")


async def steps_open_to(actor: Actor, letter: Letter, *, kinds: Kinds) -> list[str]:
    """Return the steps that this person may take on a letter, in the order of the state machine."""
    reached = {
        permission
        for permission in (Permission.DRAFT_LETTERS, Permission.SIGN_LETTERS, Permission.ANSWER_LETTERS)
        if may(actor.duties, permission) and await seen_by(actor, permission).filter(id=letter.id).exists()
    }
    roles = {duty.role for duty in actor.duties}
    kind = kinds.by_code.get(letter.kind)
    signs = kind is not None and bool(roles & set(kind.signs)) and letter.drafted_by_id != actor.person.id
    found = []
    for step in MACHINE.steps_from(letter.state):
        if step == "sign_off":
            is_open = Permission.SIGN_LETTERS in reached and signs
        elif step in OF_ADDRESSEE:
            is_open = Permission.ANSWER_LETTERS in reached and (step != "reply" or letter.reply_days > 0)
        else:
            is_open = Permission.DRAFT_LETTERS in reached and step in OF_OFFICE
        found += [step] if is_open else []
    if letter.state is S.DRAFT and Permission.DRAFT_LETTERS in reached:
        found.insert(0, "reword")
    return found
