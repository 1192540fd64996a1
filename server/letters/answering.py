"""Answering a letter: its addressee acknowledges it and replies by its date; the office decides on the reply."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from models import Letter, LetterReply
from server import photos
from server.kernel.calendars import calendar
from server.kernel.classified import check_not_classified
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.letters.commands import AtVersion, Reply, Verdict
from server.letters.drafting import lock, save_signed
from server.letters.kinds import Kinds
from server.letters.refusals import NoReplyAsked, ReasonForVoid
from server.letters.states import MACHINE
from server.people import Actor, Permission

SUBJECT = "letter_reply"


@dataclass(frozen=True)
class Answered:
    """A letter after an answer, and the digests of photos still missing."""

    letter: Letter
    missing: list[str] = field(default_factory=list)


@unit_of_work
async def acknowledge(
    letter_id: UUID, command: AtVersion, *, by: Actor, now: datetime, kinds: Kinds
) -> Letter:
    """Acknowledge a delivered letter (签收), by name and with the time."""
    letter = await lock(letter_id, command, by=by, permission=Permission.ANSWER_LETTERS)
    MACHINE.take(letter, "acknowledge")
    letter.received_at, letter.received_by = now, by.person
    await save_signed(letter, "acknowledged", by=by)
    return letter


@unit_of_work
async def reply(letter_id: UUID, command: Reply, *, by: Actor, now: datetime, kinds: Kinds) -> Answered:
    """Reply to an acknowledged letter; photos are announced by digest and sent to /photos. Raises NoReplyAsked."""
    letter = await lock(letter_id, command, by=by, permission=Permission.ANSWER_LETTERS)
    if not letter.reply_days:
        raise NoReplyAsked
    MACHINE.check_step(letter, "reply")
    check_not_classified(command.text)
    due = letter.reply_due_on
    given = await LetterReply.create(
        id=uuid4(),
        letter=letter,
        text=command.text,
        replied_at=now,
        by=by.person,
        is_late=due is not None and business_date(now) > due,
    )
    missing = await photos.announce(
        command.photos, subject_kind=SUBJECT, subject_id=given.id, by=by.person, now=now
    )
    MACHINE.take(letter, "reply")
    await save_signed(letter, "replied", by=by, late="（逾期）" if given.is_late else "")
    return Answered(letter, missing)


@unit_of_work
async def decide_reply(
    letter_id: UUID, command: Verdict, *, by: Actor, now: datetime, kinds: Kinds
) -> Letter:
    """Accept the reply, or return it with words and as many working days as the letter gave."""
    letter = await lock(letter_id, command, by=by, permission=Permission.DRAFT_LETTERS)
    if not command.accepted and not command.words.strip():
        raise ReasonForVoid("退回反馈要写明哪里不够。", hint="承办单位按您写的内容补充后重新反馈。")
    MACHINE.take(letter, "accept" if command.accepted else "return_reply")
    given = await LetterReply.get(letter_id=letter.id, decided_at=None)
    given.is_accepted, given.words = command.accepted, command.words.strip()
    given.decided_at, given.decided_by = now, by.person
    await given.save()
    if command.accepted:
        await save_signed(letter, "accepted", by=by, words=command.words)
        return letter
    letter.reply_due_on = (await calendar()).due(business_date(now), letter.reply_days).on
    await save_signed(letter, "reply_returned", by=by, words=command.words)
    return letter
