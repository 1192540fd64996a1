"""Opening an envelope: requested with a reason and journalled, answered by two holders, read by one named reader.

The server removes its own seal and hands out the request; the reporter's identity is read only on the reader's
machine.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from models import EscrowOpening, JournalEntry, Keyset, Observation
from models.vocabulary import OpeningReason
from server import journal
from server.gateways import escrow
from server.gateways.sealing import KeyRing, SealBroken
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations import by_receipt
from server.people import Actor, Permission
from server.sealed import envelopes
from server.sealed.refusals import AnswerRefused, AnswersLacking, HoldersMalformed, NoEnvelope

ENOUGH = 2
NAMES_AN_ENVELOPE = ("observation.submitted", "escrow.handed_on")


@dataclass(frozen=True)
class Wish:
    """Which envelope to open, why, under which file number, and who reads it with which public key."""

    receipt_number: str
    reason: OpeningReason
    words: str
    file_number: str
    reader_name: str
    reader_key: str


@unit_of_work
async def ask(wish: Wish, *, keys: KeyRing, by: Actor, now: datetime) -> EscrowOpening:
    """Request an opening, which is in the journal before any holder can answer. Raises NoEnvelope."""
    by.reaches(Permission.OPEN_ENVELOPES)
    observation = await by_receipt(wish.receipt_number)
    if observation is None:
        raise NoEnvelope
    await envelope_named_by_the_journal(observation.id, keys=keys)
    try:
        reader = escrow.fingerprint(wish.reader_key)
        escrow.public_key(wish.reader_key)
    except escrow.NotAKey as error:
        raise HoldersMalformed("阅读人的公钥不对。") from error
    opening = await EscrowOpening.create(
        id=uuid4(),
        observation_id=observation.id,
        reason=wish.reason,
        words=wish.words,
        file_number=wish.file_number,
        reader_name=wish.reader_name,
        reader_key=escrow.one_line(wish.reader_key),
        asked_by=by.person,
        asked_on=business_date(now),
        answers={},
    )
    await journal.record(
        "escrow.opening_asked",
        observation,
        by=by.person,
        reason=wish.reason.value,
        file_number=wish.file_number,
        reader=f"{wish.reader_name} {reader}",
    )
    return opening


async def openings() -> list[EscrowOpening]:
    """Return all requests, newest first."""
    return await EscrowOpening.all().order_by("-asked_on", "id").select_related("asked_by")


async def opening(opening_id: UUID) -> EscrowOpening:
    """Return one request; raises NoSuchThing."""
    found = await EscrowOpening.get_or_none(id=opening_id).select_related("asked_by")
    if found is None:
        raise NoSuchThing
    return found


async def request_of(asked: EscrowOpening, *, keys: KeyRing) -> bytes:
    """Return the file that goes to the holders; raises NoEnvelope unless the envelope is the one the journal names."""
    observation = await Observation.get(id=asked.observation_id)
    envelope = await envelope_named_by_the_journal(observation.id, keys=keys)
    request = escrow.Request(
        receipt_number=observation.receipt_number,
        reason=asked.reason.label,
        words=asked.words,
        file_number=asked.file_number,
        asked_on=asked.asked_on.isoformat(),
        reader_name=asked.reader_name,
        reader_key=asked.reader_key,
        digest=envelope.digest(),
        envelope=escrow.envelope_text(envelope),
    )
    return msgspec.json.format(msgspec.json.encode(request), indent=1)


@unit_of_work
async def lay_answer(opening_id: UUID, *, text: str, keys: KeyRing, by: Actor) -> EscrowOpening:
    """Add a holder's answer to a request; raises AnswerRefused for another envelope's and for a second one."""
    by.reaches(Permission.OPEN_ENVELOPES)
    asked = await EscrowOpening.filter(id=opening_id).select_for_update().first()
    if asked is None:
        raise NoSuchThing
    envelope = await envelope_named_by_the_journal(asked.observation_id, keys=keys)
    try:
        answer = escrow.answer_of(text)
    except escrow.EnvelopeBroken as error:
        raise AnswerRefused from error
    fits = answer.digest == envelope.digest() and answer.holder in escrow.HOLDERS
    if not fits or answer.holder in asked.answers:
        raise AnswerRefused
    asked.answers = asked.answers | {answer.holder: escrow.answer_text(answer)}
    await asked.save(update_fields=["answers"])
    observation = await Observation.get(id=asked.observation_id)
    await journal.record("escrow.holder_agreed", observation, by=by.person, holder=answer.holder)
    return asked


@unit_of_work
async def package_of(opening_id: UUID, *, keys: KeyRing, by: Actor, now: datetime) -> bytes:
    """Return the file that the named reader opens at home, journalling it and telling the reporter.

    Raises AnswersLacking.
    """
    by.reaches(Permission.OPEN_ENVELOPES)
    asked = await EscrowOpening.filter(id=opening_id).select_for_update().first()
    if asked is None:
        raise NoSuchThing
    if len(asked.answers) < ENOUGH:
        raise AnswersLacking
    envelope = await envelope_named_by_the_journal(asked.observation_id, keys=keys)
    one, other = list(asked.answers.values())[:ENOUGH]
    package = escrow.Opened(envelope=escrow.envelope_text(envelope), answers=(one, other))
    if asked.opened_on is None:
        asked.opened_on = business_date(now)
        await asked.save(update_fields=["opened_on"])
        observation = await Observation.get(id=asked.observation_id)
        holders = "、".join(sorted(asked.answers)[:ENOUGH])
        await journal.record("escrow.opened", observation, by=by.person, holders=holders)
    return msgspec.json.encode(package)


async def offices_that_agreed(asked: EscrowOpening) -> list[str]:
    """Return the offices of the holders who answered, which the reporter is told."""
    kept = await envelopes.kept(asked.observation_id)
    if kept is None:
        return []
    held_by = {letter: (kept.handed_on or {}).get(letter, str(kept.keyset_id)) for letter in asked.answers}
    sets = {str(one.id): one for one in await Keyset.filter(id__in=set(held_by.values()))}
    return [sets[held_by[letter]].holders[letter]["office"] for letter in sorted(held_by)]


async def envelope_named_by_the_journal(observation_id: UUID, *, keys: KeyRing) -> escrow.Envelope:
    """Return the envelope without the server's seal, if the journal named it last; raises NoEnvelope."""
    kept = await envelopes.kept(observation_id)
    named = JournalEntry.filter(subject_id=observation_id, event__in=NAMES_AN_ENVELOPE)
    entry = await named.order_by("-id").first()
    if kept is None or entry is None:
        raise NoEnvelope
    try:
        text = envelopes.unsealed(kept, keys=keys)
        return escrow.envelope_of(text, digest=entry.detail.get("envelope", ""))
    except (SealBroken, escrow.EnvelopeBroken) as error:
        raise NoEnvelope from error
