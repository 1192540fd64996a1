"""Signing a letter off: it gets its number, its date and its deadline, and is with its addressee at once."""

from datetime import datetime
from uuid import UUID

from models import LedgerItem, Letter
from models.vocabulary import LetterState as S
from server.kernel import numbering
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.letters.commands import AtVersion, Draft
from server.letters.drafting import draft, lock, save_signed
from server.letters.kinds import Kinds, check_may_sign, is_open
from server.letters.refusals import DrafterMayNotSign, NoLetterNow, UnitHasChanged
from server.letters.states import MACHINE
from server.letters.wording import with_deadline
from server.packs import LetterKind, LetterTo
from server.people import Actor, Permission


@unit_of_work
async def sign_off(letter_id: UUID, command: AtVersion, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Sign a submitted letter off, with the office's next number of the kind and year.

    Raises NoSuchThing, StaleItem, NotAllowed, DrafterMayNotSign, WrongLetterStep, NoLetterNow, UnitHasChanged.
    """
    letter = await lock(letter_id, command, by=by, permission=Permission.SIGN_LETTERS)
    kind = kinds[letter.kind]
    check_may_sign(kind, by)
    if letter.drafted_by_id == by.person.id:
        raise DrafterMayNotSign
    await _sign(letter, kind, "sign_off", by=by, now=now, kinds=kinds)
    return letter


@unit_of_work
async def issue(item_id: UUID, command: Draft, *, by: Actor, now: datetime, kinds: Kinds) -> Letter:
    """Draft and issue a letter of a kind in the shorter form; an occasion's second request returns the same letter.

    Raises what `draft` raises, NotAllowed, and NoLetterNow for a kind that another person signs.
    """
    kind = kinds[command.kind]
    if not kind.at_once:
        raise NoLetterNow
    letter = await draft(item_id, command, by=by, now=now, kinds=kinds)
    if letter.state is not S.DRAFT:
        return letter
    check_may_sign(kind, by)
    await _sign(letter, kind, "issue", by=by, now=now, kinds=kinds)
    return letter


async def _sign(
    letter: Letter, kind: LetterKind, step: str, *, by: Actor, now: datetime, kinds: Kinds
) -> None:
    MACHINE.check_step(letter, step)
    item = await LedgerItem.select_for_update().get(id=letter.item_id)
    if not is_open(kind, item):
        raise NoLetterNow("这件事现在不在承办单位办理，不能再签发这份函件。", hint="请作废这份函件。")
    if kind.to is LetterTo.UNIT and letter.unit_id != item.lead_unit_id:
        raise UnitHasChanged
    MACHINE.take(letter, step)
    today, office = business_date(now), await letter.issuer
    if letter.reply_days:
        letter.reply_due_on = (await calendar()).due(today, letter.reply_days).on
    letter.title = with_deadline(letter.title, letter.reply_due_on)
    letter.body = with_deadline(letter.body, letter.reply_due_on)
    letter.issued_on, letter.issued_at, letter.issued_by = today, now, by.person
    letter.year = today.year
    letter.number = await numbering.next_number(office.id, series=letter.series, year=today.year)
    code = kinds.issuer_code(office)
    letter.number_text = f"{code}{kind.mark}〔{letter.year}〕{letter.number}号"
    await save_signed(letter, "issued", by=by)
