"""The demo world's letters: items that fell behind, a letter in every state, and proposals of the ladder."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from models import LedgerItem, Letter, Person, ReformTask
from models.vocabulary import LetterState as S
from models.vocabulary import ObservationKind
from server import ledger, letters, people
from server.kernel.clock import business_date
from server.ledger import NewItem
from server.ledger import commands as ask
from server.letters import Kinds
from server.letters.commands import AtVersion, Draft, Reply, Verdict, WithReason
from server.people import Actor

if TYPE_CHECKING:
    from server.trial.demo import World

ORDER = [S.DRAFT, S.SUBMITTED, S.DELIVERED, S.ACKNOWLEDGED, S.REPLIED, S.ACCEPTED]


class DemoLetter(Struct, frozen=True, forbid_unknown_fields=True):
    """One letter: its kind, how long ago it was signed, and how far it went."""

    kind: str
    days_ago: int
    done: S
    reply: str = "已制定整改方案，正在推进。"


class LateItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An item that fell behind, dispatched days ago with a deadline in working days, and its letters."""

    title: str
    unit: str
    days_ago: int
    days: int
    task: str = ""
    sent: list[DemoLetter] = []


async def send_letters(world: "World") -> None:
    """Register the demo's late items, and bring each letter as far as it went."""
    for late in world.read("letters", list[LateItem]):
        item, officer = await _late_item(world, late)
        for told in late.sent:
            await _send(world, item, told, officer=officer)


async def _late_item(world: "World", late: LateItem) -> tuple[LedgerItem, Actor]:
    then = world.now - timedelta(days=late.days_ago)
    chen = await _actor(world, world.persons["chen"])
    task = await ReformTask.get_or_none(code=late.task) if late.task else None
    new = NewItem(late.title, ObservationKind.PROBLEM, task_id=task.id if task else None)
    office, unit = world.organisations["reform-office"], world.organisations[late.unit]
    item = await ledger.register(new, office=office, at=None, by=chen.person, now=then)
    order = ask.Dispatch(version=item.version, unit_id=unit.id, days=late.days)
    item = (await ledger.dispatch(item.id, order, by=chen, now=then)).item
    officer = await _actor(world, await Person.get(id=item.commissioner_id))
    item = (await ledger.acknowledge(item.id, ask.Deed(version=item.version), by=officer, now=then)).item
    return item, officer


async def _send(world: "World", item: LedgerItem, told: DemoLetter, *, officer: Actor) -> Letter:
    """Take each step by the person who would take it, at the time when it was taken."""
    now = world.now - timedelta(days=told.days_ago)
    chen, luo = await _actor(world, world.persons["chen"]), await _actor(world, world.persons["luo"])
    kinds = world.letter_kinds
    letter = await letters.draft(item.id, Draft(kind=told.kind), by=chen, now=now, kinds=kinds)
    far = ORDER.index(S.DELIVERED if told.done is S.VOIDED else told.done)
    if far >= ORDER.index(S.SUBMITTED):
        letter = await letters.submit(letter.id, _at(letter), by=chen, now=now, kinds=kinds)
    if far >= ORDER.index(S.DELIVERED):
        letter = await letters.sign_off(letter.id, _at(letter), by=luo, now=now, kinds=kinds)
    if told.done is S.VOIDED:
        wrong = WithReason(version=letter.version, reason="主送单位名称有误，重新发函")
        return await letters.void(letter.id, wrong, by=chen, now=now, kinds=kinds)
    return await _answer(letter, told, far=far, by=officer, decided_by=chen, now=now, kinds=kinds)


async def _answer(
    letter: Letter, told: DemoLetter, *, far: int, by: Actor, decided_by: Actor, now: datetime, kinds: Kinds
) -> Letter:
    later = timedelta(hours=3)
    if far >= ORDER.index(S.ACKNOWLEDGED):
        letter = await letters.acknowledge(letter.id, _at(letter), by=by, now=now + later, kinds=kinds)
    if far >= ORDER.index(S.REPLIED):
        words = Reply(version=letter.version, text=told.reply)
        letter = (await letters.reply(letter.id, words, by=by, now=now + 2 * later, kinds=kinds)).letter
    if far >= ORDER.index(S.ACCEPTED):
        verdict = Verdict(version=letter.version, accepted=True, words="请按方案推进。")
        letter = await letters.decide_reply(
            letter.id, verdict, by=decided_by, now=now + 3 * later, kinds=kinds
        )
    return letter


def _at(letter: Letter) -> AtVersion:
    return AtVersion(version=letter.version)


async def _actor(world: "World", person: Person) -> Actor:
    return await people.actor_as(person, on=business_date(world.now))
