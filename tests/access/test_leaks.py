"""The content of a submission never reaches the supervised unit: not in a page, an answer or a sheet.

Two people of a unit fetch every route that lets them in, and every address that any page or answer names.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import (
    CasePicture,
    ContentCheck,
    LedgerItem,
    ManifestLine,
    Observation,
    Photo,
    ProblemSource,
    Recheck,
    ThreadMessage,
)
from models.vocabulary import (
    Anonymity,
    ContentKind,
    ContentState,
    ObservationState,
    PhotoState,
    ProblemSourceKind,
    RecheckAnswer,
    Role,
    SessionChannel,
)
from server import exports, journal, reporters
from server.exports.books import BOOKS
from server.gateways.workbooks import read_sheet
from server.kernel.unit_of_work import unit_of_work
from server.people import GRANTS
from tests.access.asking import ask
from tests.access.city import City, _shown, a_row, belongings, enrolled, receipt
from tests.access.test_access import ROUTES
from tests.conftest import a_picture, a_report, sha256
from tests.never_too_often import NeverTooOften

UNIT = (Role.COMMISSIONER, Role.DEPARTMENT_CONTACT)
WORDS = "路口坑槽一周未修，老人摔倒了没有人管"
TOLD_BY = "老街坊反映的原话"
LINKS = re.compile(r'(?:href|src|action|hx-get|hx-post|"url")(?:="|":\s*")(/[^"]*)"')
NOT_FOLLOWED = re.compile(r"/static/|/sign-out|\.css|\.js")


@pytest.fixture
async def city(office):
    """A unit with a commissioner and a contact, and their relations to reports of others."""
    office.tools.redis.limiter = NeverTooOften()
    await office.stop_working()
    city = City(office, office.client())
    for role in UNIT:
        person = await enrolled(office, role, office.bureau)
        own = await belongings(office, person, office.root, office.bureau)
        city.people[role], city.things[role] = person, {"own": own}
        await Observation.filter(id=own.ids["observation_id"]).update(ledger_item_id=None)
    return city


async def a_submission(city, own):
    """Create a citizen's report behind an item, a case and a problem of the unit; return everything that names it."""
    office, picture = city.office, a_picture("orange")
    reporter = await enrolled(office, Role.CITIZEN, None)
    item = await LedgerItem.get(id=own.ids["item_id"])
    report = await a_row(
        Observation,
        office=office.root,
        ledger_item=item,
        body=a_report(picture, text=WORDS),
        text=WORDS,
        client_id=uuid4(),
        receipt_number=receipt(),
        anonymity=Anonymity.HIDDEN,
        state=ObservationState.REGISTERED,
    )
    await reporters.sign(report.id, by=reporter.id, at=report.received_at)
    subject = {"subject_kind": "observation", "subject_id": report.id}
    facts = subject | {"sha256": sha256(picture), "bytes": len(picture)}
    photo = await a_row(Photo, **facts, state=PhotoState.SHOWN, kind="JPEG")
    line = await a_row(ManifestLine, **facts, position=1)
    shown = await _shown(office, photo, report.id, picture=picture)
    await _shown(office, photo, own.ids["case_id"], picture=picture)
    await CasePicture.create(case_id=own.ids["case_id"], photo_id=photo.id, position=1)
    now = office.watch.now()
    checked = {"subject_id": report.id, "kind": ContentKind.PHOTO, "digest": photo.sha256, "opened_at": now}
    check = await a_row(ContentCheck, **checked, state=ContentState.PASS, answered_at=now)
    message = await a_row(ThreadMessage, observation=report, from_office=False)
    answered = {"answer": RecheckAnswer.UNSOLVED, "answered_at": now - timedelta(days=2)}
    recheck = await a_row(Recheck, item=item, observation_id=report.id, **answered)
    for problem_id in {own.ids["problem_id"] for own in (things["own"] for things in city.things.values())}:
        source = {"kind": ProblemSourceKind.OBSERVATION, "source_id": report.id, "words": TOLD_BY}
        await ProblemSource.create(problem_id=problem_id, **source)
    await recorded(report, item, by=reporter)
    rows = (report, photo, line, shown, check, message, recheck, reporter)
    ids = {str(row.id) for row in rows} | {str(report.client_id), report.receipt_number}
    return ids | {one.replace("-", "") for one in ids} | {photo.sha256, WORDS, TOLD_BY, reporter.designation}


@unit_of_work
async def recorded(report, item, *, by):
    """Record journal entries of a report and of its item."""
    await journal.record("observation.registered", report, by=by, number=item.number_text)
    await journal.record("ledger_item.registered", item, by=None, number=item.number_text)


async def test_no_page_answer_or_sheet_of_a_unit_names_a_submission(city):
    secrets = set()
    for role in UNIT:
        secrets |= await a_submission(city, city.things[role]["own"])
    found = []
    for role in UNIT:
        seen = await everything_open_to(city, role)
        assert len(seen) > 60, "hardly anything was let in: what is measured here?"
        found += [
            (role, where, secret) for where, text in seen.items() for secret in secrets if secret in text
        ]
    assert found == []


async def everything_open_to(city, role):
    """Return a person's answers by address: every route that lets them in, what those name, and their sheets."""
    who, own, seen, named = city.people[role], city.things[role]["own"], {}, set()
    for name, route in ROUTES.items():
        permission = route.ctx.guard.permission
        if not name.startswith("GET ") or (permission and role not in GRANTS[permission]):
            continue
        answer = await ask(city, route, "GET", who=who, thing=own)
        seen[name] = told(answer)
        named |= set(LINKS.findall(answer.text if answer.is_success else ""))
    for address in sorted(named):
        if not NOT_FOLLOWED.search(address):
            seen[address] = address + told(await follow(city, address, who=who))
    return seen | await sheets_of(city, who)


async def follow(city, address, *, who):
    """Fetch an address as the person would: pages with the console's session, the rest with the phone's."""
    is_desk = address.startswith("/console")
    token = city.tokens[who.id, SessionChannel.CONSOLE if is_desk else SessionChannel.PHONE]
    city.line.cookies.clear()
    headers = {"cookie": f"console={token}"} if is_desk else {"authorization": f"Bearer {token}"}
    return await city.line.get(address.replace("&amp;", "&"), headers=headers)


async def sheets_of(city, who):
    """Return every cell of every list that a person may export."""
    office, found = city.office, {}
    actor = await office.actor(who)
    for kind, book in BOOKS.items():
        if not any(duty.role in GRANTS[book.permission] for duty in actor.duties):
            continue
        now = office.watch.now()
        export = await exports.ask_export(book.shape(), kind=kind, by=actor, now=now)
        await exports.make(export.id, tools=office.tools)
        tools = office.tools
        _, data = await exports.fetch(export.id, by=actor, storage=tools.storage, keys=tools.keys, now=now)
        found[f"sheet {kind}"] = "\n".join(str(cell) for row in read_sheet(data) for cell in row.cells)
    return found


def told(answer):
    """Return everything in an answer, including headers."""
    body = "" if answer.headers.get("content-type", "").startswith("image/") else answer.text
    return body + repr(dict(answer.headers))
