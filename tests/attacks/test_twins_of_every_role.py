"""Twins (G9): two cities that differ only in which of two members reported look equal to every role and to the public.

Everything a role can fetch is compared: pages, answers, headers, sheets and what any of these name. Random values are
removed: ids, tokens, receipt numbers, and block numbers, as each half second has its own. Times are told apart by
whether they belong to the sign-in or to the report.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from models import ContentCheck, Observation, Person, Rendition, ReportMessage
from models.vocabulary import ContentKind, ObservationKind, Role, SessionChannel
from server import journal, ledger, observations
from server.gateways.workbooks import read_sheet
from server.journal import anchoring
from server.kernel.clock import SHANGHAI
from server.kernel.unit_of_work import unit_of_work
from server.ledger import NewItem
from server.notifications import subscriptions
from server.notifications.inbox import telling_deeds
from server.people import GRANTS
from tests.access import city as cities
from tests.access.asking import ask
from tests.access.test_access import ROUTES
from tests.access.test_leaks import LINKS, NOT_FOLLOWED, follow, sheets_of, told
from tests.acting import act
from tests.conftest import a_picture, a_report, sha256, until
from tests.never_too_often import NeverTooOften

PAIR = ("甲队员", "乙队员")
AFTER_SIGN_IN = timedelta(hours=3)  # separates the reporter's actions in time from everything before them
RANDOM = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"\b[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}\b", "<receipt>"),
    (r"\b[0-9A-HJ-NP-Z]{10}\b", "<code>"),
    (r"\bown_[0-9a-f]{8}\b", "<digits>"),
    (r"until=\d+", "until=<moment>"),
    (r"[0-9a-f]{12,}", "<digits>"),
    (r"\b[0-9a-f]{8}\b", "<digits>"),
    (r"(?<![\w-])[\w-]{22,}(?![\w-])", "<token>"),
    (r"(?<=存证块\">)\d+(?= <code)", "<block>"),
    (r"(?<=\n)\d+(?=\n<digits>)", "<block>"),
    (r'(?<=data-seconds=")\d+', "<left>"),  # how long the office may still take its own decision back
)
OF_THE_MACHINE = {
    "GET /metrics",
    "GET /ready",
    "GET /deep",
}  # counts of all requests, of bytes and of milliseconds, not of what was reported
HEADERS = re.compile(r"'(content-length|date|set-cookie|x-request-id|last-modified)': '[^']*'(, )?")
CLOCK = re.compile(r"(?<!\d)([0-2]\d):([0-5]\d)(:[0-5]\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?(?!\d)")
SHEET = "spreadsheetml"


@dataclass
class Twin:
    """A city, which of its pair reported, and everything fetched there, by role and address."""

    city: cities.City
    pair: list[Person]
    reports: list[Observation]
    rendition: Rendition
    picture: bytes
    begun: datetime

    def bare(self, text: str) -> str:
        """Return a text without random values; the two persons keep their names."""
        for person, name in zip(self.pair, PAIR, strict=True):
            text = text.replace(str(person.id), f"<{name}>").replace(person.id.hex, f"<{name}>")
        text = HEADERS.sub("", text)
        for pattern, word in RANDOM:
            text = re.sub(pattern, word, text)
        return CLOCK.sub(self._hour, text)

    def _hour(self, found: re.Match[str]) -> str:
        minute = int(found[1]) * 60 + int(found[2])
        for name, ahead in (("sign-in", timedelta()), ("report", AFTER_SIGN_IN)):
            for zone in (SHANGHAI, UTC):
                begun = (self.begun + ahead).astimezone(zone)
                if 0 <= (minute - begun.hour * 60 - begun.minute) % 1440 <= 45:
                    return f"<{name}>"
        return found[0]


async def a_twin(office, clean_database, *, who, planted=None):
    """Build a day in a city: two members sign in; one reports twice, talks, reads and allows a message."""
    await office.stop_working()
    await clean_database.sweep()
    office.watch.ahead = timedelta()
    begun = office.watch.now() - timedelta(minutes=1)
    cities.NUMBERS = count(1)
    await office.found()
    office.tools.redis.limiter = NeverTooOften()
    city = cities.City(office, office.client())
    for role in Role:
        home = (
            office.root if role in cities.AT_THE_OFFICE else None if role is Role.CITIZEN else office.bureau
        )
        city.people[role] = await cities.enrolled(office, role, home)
    phones = [await office.phone_of(name, organisation=office.bureau) for name in PAIR]
    for phone in phones:
        await phone.get("/inbox")

    office.watch.ahead += AFTER_SIGN_IN
    reporter, picture = phones[who], a_picture("orange")
    office.start_working()
    for number, text in enumerate(("东街路口坑槽一周未修", "西街路灯不亮"), 1):
        await reporter.submit(a_report(picture, text=text))
        await reporter.upload(picture)
        await until(partial(are_looked_at, number))  # of two at once either may come first
    mine = await office.reports_of(reporter.person)
    await office.stop_working()
    await dealt_with(office, city, mine, reporter)
    office.start_working()
    await until(told_everything)
    await office.stop_working()
    await subscriptions.write_down_heard()
    if planted:
        await planted(mine[0], reporter.person)
    await anchoring.close_block()  # otherwise half a second decides whether the last actions have a block
    pair, mine = [phone.person for phone in phones], await office.reports_of(reporter.person)
    return Twin(city, pair, mine, await Rendition.filter(subject_id=mine[0].id).first(), picture, begun)


async def are_looked_at(number):
    """Whether the photo is shown in this many reports, and its check is open in each."""
    return await ContentCheck.filter(kind=ContentKind.PHOTO).count() == number


async def told_everything():
    """Whether the reporter has heard of both receipts, the number, the unit and the question."""
    return await ReportMessage.all().count() == 5


async def dealt_with(office, city, mine, reporter):
    """The office registers the first report and asks about the second; the reporter answers."""
    chen, now = await office.actor(city.people[Role.OFFICE_STAFF]), office.watch.now()
    first, second = [await Observation.get(id=one.id) for one in mine]
    item = await observations.accept(
        first.id, version=first.version, new=NewItem("修复路面", ObservationKind.PROBLEM), by=chen, now=now
    )
    await act(ledger.dispatch, item.id, version=1, unit_id=office.bureau.id, days=20, by=chen, now=now)
    await observations.ask_more(
        second.id, version=second.version, reason="unclear_place", words="请补充门牌号。", by=chen, now=now
    )
    await reporter.post(f"/observations/{second.client_id}/messages", json={"text": "在12号门口"})
    await reporter.put("/inbox/reading", json={"until": now.isoformat()})
    outcomes = [{"template": "trial-report_answered", "outcome": "accept"}]
    await reporter.post(
        "/subscription-outcomes", json={"outcomes": outcomes}, headers={"idempotency-key": "once-and-no-more"}
    )


async def everything(twin, role):
    """Return a role's answers (None: the public): each route for each report and person, what they name, the sheets."""
    city, seen, named = twin.city, {}, {}
    who = city.people.get(role)
    for name, route in ROUTES.items():
        guard = route.ctx.guard
        if not name.startswith("GET ") or name in OF_THE_MACHINE or (guard.channel and who is None):
            continue
        if who and guard.permission and role not in GRANTS[guard.permission]:
            continue
        for number, thing in enumerate(things(twin, who) if "<" in name else things(twin, who)[:1]):
            answer = await ask(city, route, "GET", who=who, thing=thing)
            seen[f"{name} {number}"] = read(answer)
            if answer.is_success:
                named |= dict.fromkeys(LINKS.findall(answer.text))
    for address in [one for one in named if who and not NOT_FOLLOWED.search(one)]:
        channel = SessionChannel.CONSOLE if address.startswith("/console") else SessionChannel.PHONE
        if (who.id, channel) in city.tokens:
            answer = await follow(city, address, who=who)
            seen.setdefault("-> " + twin.bare(address), read(answer))
    return seen | (await sheets_of(city, who) if who else {})


def read(answer):
    """Return everything in an answer: a sheet's cells, but of pictures only that they exist."""
    kind = answer.headers.get("content-type", "")
    if SHEET in kind:
        return "\n".join(str(cell) for row in read_sheet(answer.content) for cell in row.cells)
    return (
        repr(dict(answer.headers))
        if kind.startswith(("image/", "application/pdf", "font/"))
        else told(answer)
    )


def things(twin, who):
    """Return the two reports, each with one of the pair; other ids in an address belong to nobody."""
    asking, known = (
        who or twin.city.people[Role.CITIZEN],
        {"sha256": sha256(twin.picture), "rendition_id": twin.rendition.id},
    )
    known |= {"item_id": twin.reports[0].ledger_item_id, "code": twin.rendition.verify_code}
    known |= {"evidence_id": twin.rendition.id, "finding_id": twin.rendition.id}
    return [
        cities.Belongings(
            asking,
            twin.picture,
            twin.rendition,
            known
            | {"observation_id": report.id, "client_id": report.client_id, "number": report.receipt_number}
            | {"person_id": person.id},
        )
        for report, person in zip(twin.reports, twin.pair, strict=True)
    ]


async def differing(office, clean_database, *, roles=(None, *Role), planted=None):
    """Return where the two cities differ, by role and address, and how much was compared."""
    looks, begun = [], None
    for who in (0, 1):
        twin = await a_twin(office, clean_database, who=who, planted=planted)
        twin.begun = begun = (
            begun or twin.begun
        )  # else an hour that a text names is a moment in only one of the two
        looks.append(
            {
                (role, where): twin.bare(text)
                for role in roles
                for where, text in (await everything(twin, role)).items()
            }
        )
    one, other = looks
    found = {at: first_difference(one.get(at, ""), other.get(at, "")) for at in one.keys() | other.keys()}
    return {at: words for at, words in found.items() if words}, len(one)


def first_difference(one, other):
    """Return the words around the first difference of two texts; empty if they are equal."""
    if one == other:
        return ""
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(0, at - 60) : at + 60]}… ≠ …{other[max(0, at - 60) : at + 60]}…"


async def test_no_role_can_tell_which_of_two_persons_reported(office, clean_database):
    found, looked_at = await differing(office, clean_database)
    assert looked_at > 500, "hardly anything was let in: what is measured here?"
    assert found == {}


async def test_a_reporter_named_in_the_journal_would_be_found(office, clean_database, monkeypatch):
    """The former state: the journal holds who answered, and its page names reporters like everybody else."""

    @unit_of_work
    async def with_its_actor(report, person):
        await journal.record("observation.answered", report, by=person)

    monkeypatch.setattr(telling_deeds, "shows_when_somebody_reported", lambda entry: False)
    found, _ = await differing(office, clean_database, roles=(Role.AUDITOR,), planted=with_its_actor)
    assert (Role.AUDITOR, "GET /console/journal 0") in found
