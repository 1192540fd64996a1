"""Drafting a letter from an item's facts, rewording it, handing it to the signer, or giving it up."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import LedgerItem, Letter, ReformTask
from models.vocabulary import LetterState as S
from server import journal, ledger
from server.kernel.classified import check_not_classified
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.numbering import NoSeries
from server.letters.commands import AtVersion, Draft, WithReason, Wording
from server.letters.kinds import Kinds, check_may_draft, is_open
from server.letters.reading import letter_seen_by
from server.letters.refusals import LadderSkipped, NoLetterNow, NoOfficial
from server.letters.reminding import settle_reminders
from server.letters.states import MACHINE, UNSIGNED
from server.letters.wording import filled
from server.packs import LetterKind, LetterTo, OncePer
from server.people import Actor, Permission


@unit_of_work
async def draft(item_id: UUID, command: Draft, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Draft a letter from an item's facts; an occasion that has a letter returns that one.

    Raises NoSuchThing, KindNotKnown, NotAllowed, NoLetterNow, NoSeries, NoOfficial, LadderSkipped, Classified.
    """
    kind = kinds[command.kind]
    await ledger.item_seen_by(by, item_id, permission=Permission.DRAFT_LETTERS)
    check_may_draft(kind, by)
    item = await LedgerItem.select_for_update().get(id=item_id)
    if not is_open(kind, item):
        raise NoLetterNow
    occasion = occasion_of(item, kind, today=business_date(now))
    standing = Letter.filter(item_id=item.id, kind=kind.code, occasion=occasion).exclude(state=S.VOIDED)
    if found := await standing.first():
        return found
    if not command.reason.strip() and await skips_a_step(item, kind, kinds=kinds):
        raise LadderSkipped
    letter = await _write(item, kind, command, occasion=occasion, by=by, now=now, kinds=kinds)
    if not kind.at_once:
        await journal.record(
            "letter.drafted", letter, by=by.person, letter=kind.label, number=item.number_text
        )
    return letter


@unit_of_work
async def reword(letter_id: UUID, command: Wording, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Change the words of a draft; who words it is its drafter, and can't sign it. Raises Classified."""
    letter = await lock(letter_id, command, by=by, permission=Permission.DRAFT_LETTERS)
    MACHINE.check_state(letter, (S.DRAFT,))
    check_not_classified(command.title, command.body, command.copy_to, command.annexes)
    letter.title, letter.body = command.title, command.body
    letter.copy_to, letter.annexes = command.copy_to, command.annexes
    letter.drafted_by_id = by.person.id
    await save_draft(letter, "reworded", by=by)
    return letter


@unit_of_work
async def redraft(letter_id: UUID, command: AtVersion, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Write a draft anew from the facts of the item as it is now; raises NoLetterNow, UnitHasChanged."""
    letter = await lock(letter_id, command, by=by, permission=Permission.DRAFT_LETTERS)
    MACHINE.check_state(letter, (S.DRAFT,))
    item = await LedgerItem.get(id=letter.item_id).select_related("lead_unit")
    words = await filled(kinds[letter.kind], item, today=business_date(now))
    check_not_classified(words.title, words.body)
    letter.title, letter.body, letter.template_version = words.title, words.body, words.template_version
    letter.item_version, letter.drafted_by_id = item.version, by.person.id
    await save_draft(letter, "reworded", by=by)
    return letter


@unit_of_work
async def submit(letter_id: UUID, command: AtVersion, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Hand a draft to the signer."""
    letter = await lock(letter_id, command, by=by, permission=Permission.DRAFT_LETTERS)
    MACHINE.take(letter, "submit")
    letter.submitted_at = now
    await save_draft(letter, "submitted", by=by)
    return letter


@unit_of_work
async def send_back(
    letter_id: UUID, command: WithReason, *, by: Actor, now: datetime, kinds: Kinds
) -> Letter:
    """Send a letter that waits for its sign-off back to its drafter."""
    letter = await lock(letter_id, command, by=by, permission=Permission.SIGN_LETTERS)
    MACHINE.take(letter, "send_back")
    letter.submitted_at = None
    await save_draft(letter, "sent_back", by=by, reason=command.reason)
    return letter


@unit_of_work
async def void(letter_id: UUID, command: WithReason, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Void a letter: a draft is given up, a signed one keeps its number, which is never used again."""
    letter = await lock(letter_id, command, by=by, permission=Permission.DRAFT_LETTERS)
    is_signed = letter.state not in UNSIGNED
    MACHINE.take(letter, "void")
    letter.voided_at, letter.void_reason = now, command.reason
    letter.voided_by = by.person
    if is_signed:
        await save_signed(letter, "voided", by=by, reason=command.reason)
    else:
        await save_draft(letter, "given_up", by=by, reason=command.reason)
    return letter


async def lock(letter_id: UUID, command: AtVersion, *, by: Actor, permission: Permission) -> Letter:
    """Return a letter locked at the version the actor saw; raises NoSuchThing, StaleItem."""
    await letter_seen_by(by, letter_id, permission=permission)
    letter = await Letter.select_for_update().get(id=letter_id)
    MACHINE.check_version(letter, command.version)
    return letter


async def save_draft(letter: Letter, event: str, *, by: Actor, **detail: Any) -> None:
    """Save a change of a letter that is not signed, with its entry `letter.<event>`, which only the office reads."""
    letter.version += 1
    await letter.save()
    await journal.record(f"letter.{event}", letter, by=by.person, **_told(letter), **detail)


async def save_signed(letter: Letter, event: str, *, by: Actor, **detail: Any) -> None:
    """Save a step of a signed letter, with the entry `ledger_item.letter_<event>` on its item's timeline."""
    letter.version += 1
    await letter.save()
    await settle_reminders(letter, event, by=by.person.id)
    item = await LedgerItem.get(id=letter.item_id)
    await journal.record(f"ledger_item.letter_{event}", item, by=by.person, **_told(letter), **detail)


def _told(letter: Letter) -> dict[str, str]:
    return {"letter": letter.series, "number": letter.number_text or "", "letter_id": str(letter.id)}


async def skips_a_step(item: LedgerItem, kind: LetterKind, *, kinds: Kinds) -> bool:
    """Whether the step below on the ladder has no signed letter in this round of the item."""
    below = [one.code for one in kinds.ladder if one.step == kind.step - 1]
    if kind.step < 2 or not below:
        return False
    signed = Letter.filter(item_id=item.id, round=item.round, kind__in=below, number__isnull=False)
    return not await signed.exclude(state=S.VOIDED).exists()


def occasion_of(item: LedgerItem, kind: LetterKind, *, today: date) -> str:
    """Return what an item gets one letter of this kind for. Pure."""
    match kind.once_per:
        case OncePer.ROUND:
            return str(item.round)
        case OncePer.DAY:
            return f"{item.round}:{item.lead_unit_id}:{today.isoformat()}"
    sent = int(item.dispatched_at.timestamp()) if item.dispatched_at else 0
    return f"{item.round}:{item.lead_unit_id}:{sent}"


async def _write(
    item: LedgerItem,
    kind: LetterKind,
    command: Draft,
    *,
    occasion: str,
    by: Actor,
    now: datetime,
    kinds: Kinds,
) -> Letter:
    await item.fetch_related("organisation", "lead_unit")
    if not kinds.issuer_code(item.organisation):
        raise NoSeries
    words = await filled(kind, item, today=business_date(now))
    check_not_classified(item.title, item.summary, words.title, words.body, command.reason)
    return await Letter.create(
        item=item,
        kind=kind.code,
        occasion=occasion,
        round=item.round,
        item_version=item.version,
        issuer=item.organisation,
        **await _addressed(item, kind),
        state=S.DRAFT,
        series=kind.label,
        issuer_name=item.organisation.name,
        title=words.title,
        body=words.body,
        reason=command.reason.strip(),
        template_version=words.template_version,
        reply_days=kind.reply_days,
        drafted_at=now,
        drafted_by=by.person,
    )


async def _addressed(item: LedgerItem, kind: LetterKind) -> dict[str, Any]:
    """Return whom the letter goes to; raises NoOfficial."""
    if kind.to is LetterTo.UNIT:
        return {"unit": item.lead_unit, "addressee": item.lead_unit.name if item.lead_unit else ""}
    task = await ReformTask.filter(id=item.task_id).select_related("leading_official").first()
    if task is None or task.leading_official is None:
        raise NoOfficial
    return {"official": task.leading_official, "addressee": f"{task.leading_official.designation}同志"}
