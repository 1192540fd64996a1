"""A city for the access tests: a person of every role, with own things, a colleague's and a stranger's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from tortoise.models import Model

from models import (
    Case,
    CasePicture,
    Certificate,
    CheckIn,
    ChecklistAnswer,
    ChecklistQuestion,
    CodeScreen,
    ContentCheck,
    CoordinationRequest,
    Delivery,
    Duty,
    Export,
    FileArrival,
    FileLine,
    InboxMessage,
    LedgerImport,
    LedgerItem,
    Letter,
    LetterReply,
    ManifestLine,
    MediaItem,
    Meeting,
    MeetingDecision,
    Mission,
    MissionMember,
    MissionStop,
    MonthReport,
    Obligation,
    Observation,
    Organisation,
    Person,
    Photo,
    Problem,
    ProgressReport,
    Proof,
    Reason,
    Reminder,
    Rendition,
    RoundAsk,
    SavedView,
    ScoreEntry,
    ScoreJudge,
    ScoreRound,
    ScoreSignal,
    SiteVisit,
    Substitution,
    TeamMember,
    TopicAnswer,
    TopicCall,
    VisitBoard,
    VisitObserver,
    VisitStop,
)
from models.vocabulary import (
    CadencePeriod,
    CaseState,
    ContentKind,
    ContentState,
    DeliveryFailure,
    DeliveryState,
    FileKind,
    ImportState,
    LetterState,
    MemberSource,
    MissionState,
    OrganisationKind,
    PhotoState,
    Presence,
    ProofKind,
    Role,
    RoundState,
    Scope,
    SessionChannel,
    VisitState,
)
from server import people, photos, reporters, scoring
from server.letters import setting
from server.scoring import Criterion, Group, Rules
from server.scoring.round_keys import make_key
from server.scoring.rules import HUNDRED
from server.site_visits.codes import new_scene
from tests.conftest import Office, a_picture, a_report, sha256

AT_THE_OFFICE = {Role.LEADING_OFFICIAL, Role.OFFICE_STAFF, Role.OFFICE_LEAD, Role.AUDITOR, Role.ADMINISTRATOR}
WHICH = ["own", "same", "other", "missing"]
NUMBERS = count(1)
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
LONG_AGO = date(2020, 1, 1)
LATER = date(2027, 6, 30)
LATER_AT = NOON + timedelta(days=200)


@dataclass
class Belongings:
    """Things of one person; `ids` has one of every kind, by its placeholder's name in an address."""

    person: Person
    picture: bytes
    rendition: Rendition
    ids: dict[str, Any]


@dataclass
class City:
    """`things[role]` are the belongings of the person with that role, of a colleague, and of somebody elsewhere."""

    office: Office
    line: httpx.AsyncClient
    people: dict[Role, Person] = field(default_factory=dict)
    things: dict[Role, dict[str, Belongings]] = field(default_factory=dict)
    tokens: dict[tuple[UUID, SessionChannel], str] = field(default_factory=dict)

    def own(self, who: Person | None) -> Belongings | None:
        """Return the person's own things."""
        mine = [things["own"] for things in self.things.values() if who and things["own"].person.id == who.id]
        return mine[0] if mine else None


async def a_city(office: Office) -> City:
    """Build two offices, each with a unit below it; the stranger is in the second."""
    city = City(office, office.client())
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )
    far_unit = await people.add_organisation(
        "县水务局", code="water", kind=OrganisationKind.COUNTY_UNIT, by=None, parent=county
    )
    stranger = await belongings(office, await enrolled(office, Role.TEAM_MEMBER, far_unit), county, far_unit)
    colleagues: dict[UUID | None, Belongings] = {}
    for role in Role:
        home = office.root if role in AT_THE_OFFICE else None if role is Role.CITIZEN else office.bureau
        person = await enrolled(office, role, home)
        if (key := home.id if home else None) not in colleagues:
            colleague = await enrolled(office, Role.CITIZEN if home is None else Role.TEAM_MEMBER, home)
            colleagues[key] = await belongings(office, colleague, office.root, home or office.bureau)
        own = await belongings(office, person, office.root, home or office.bureau)
        city.people[role] = person
        city.things[role] = {"own": own, "same": colleagues[key], "other": stranger}
    return city


async def enrolled(office: Office, role: Role, home: Organisation | None) -> Person:
    """Add a person with this one duty."""
    return await people.add_person(
        f"{role.label}{next(NUMBERS)}",
        role=role,
        by=None,
        now=office.watch.now(),
        keys=office.tools.keys,
        organisation=home,
    )


async def belongings(office: Office, person: Person, root: Organisation, unit: Organisation) -> Belongings:
    """Create a report with its photo, an item to answer for at the unit, and a thing of every other kind."""
    colour = next(NUMBERS)
    picture = a_picture((colour % 256, colour // 256 % 256, 120))
    answers_for = {"organisation": root, "lead_unit": unit, "commissioner": person, "registered_by": person}
    item = await a_row(LedgerItem, **answers_for, number=next(NUMBERS))
    reported = {"office": root, "ledger_item": item, "body": a_report(picture)}
    report = await a_row(Observation, **reported, client_id=uuid4(), receipt_number=receipt())
    await reporters.sign(report.id, by=person.id, at=report.received_at)
    facts = {"subject_kind": "observation", "subject_id": report.id, "sha256": sha256(picture)}
    key = await _stored(office, picture)
    photo = await a_row(Photo, **facts, bytes=len(picture), state=PhotoState.SHOWN, kind="JPEG", key=key)
    await a_row(ManifestLine, **facts, position=1, bytes=len(picture))
    rendition = await _shown(office, photo, report.id, picture=picture)
    progress = await a_row(ProgressReport, item=item, by=person)
    evidence = await _shown(office, photo, progress.id, picture=picture)
    bank = await person.organisation if person.organisation_id else unit
    ids = {"client_id": report.client_id, "observation_id": report.id, "number": report.receipt_number}
    ids |= {"rendition_id": rendition.id, "evidence_id": evidence.id, "code": rendition.verify_code}
    ids |= {"item_id": item.id, "item_number": item.number_text, "person_id": person.id}
    checked = {"subject_id": report.id, "kind": ContentKind.PHOTO, "digest": photo.sha256}
    check = await a_row(ContentCheck, **checked, state=ContentState.PENDING, opened_at=NOON)
    ids |= {"sha256": photo.sha256, "photo_id": photo.id, "check_id": check.id}
    ended = await a_row(
        Duty, person=person, role=Role.AUDITOR, scope=Scope.ALL, since_on=LONG_AGO, until_on=LONG_AGO
    )
    ids |= {"duty_id": ended.id, "organisation_id": unit.id, "purpose": "dispatch"}
    ids |= {"reason_id": (await a_row(Reason, code=f"own_{next(NUMBERS)}")).id}
    ids |= await _lettered(office, person, item=item, root=root, unit=unit)
    replied = await _shown(office, photo, ids["reply_id"], picture=picture)
    ids |= {"reply_photo_id": replied.id}
    ids |= await _observes(office, person, home=bank)
    ids |= await _kept(person, bank=bank, item=item) | await _sent(person, home=bank)
    finding = await _shown(office, photo, ids["answer_id"], picture=picture)
    ids |= {"finding_id": finding.id}
    ids |= {"released_id": (await _released(office, photo, ids["case_id"], picture=picture)).id}
    message = await a_row(InboxMessage, person=person, entry_id=next(NUMBERS), subject_id=item.id)
    ids |= await _reminded(person, item=item) | await _owes(office, person, home=bank)
    return Belongings(person, picture, rendition, ids | {"message_id": message.id})


async def _lettered(
    office: Office, person: Person, *, item: LedgerItem, root: Organisation, unit: Organisation
) -> dict[str, Any]:
    """Create a delivered letter about an item to its unit, whose paper has one page, and a photo of a reply to it."""
    number = next(NUMBERS)
    signed = {
        "number": number,
        "year": 2026,
        "number_text": f"改提〔2026〕{number}号",
        "state": LetterState.DELIVERED,
    }
    signed |= {"issued_on": LONG_AGO, "issued_at": NOON, "issued_by": person, "drafted_by": person}
    letter = await a_row(
        Letter, item=item, issuer=root, unit=unit, kind="reminder_letter", drafted_at=NOON, **signed
    )
    folder = setting.folder_of(letter)
    for name, content in (("pages", b"1"), ("1.png", b"page"), ("letter.pdf", b"%PDF-")):
        await office.tools.storage.put_new(f"{folder}/{name}", content, seal=office.tools.keys)
    reply = await a_row(LetterReply, letter=letter, by=person)
    return {"letter_id": letter.id, "reply_id": reply.id}


async def _owes(office: Office, person: Person, *, home: Organisation) -> dict[str, Any]:
    """Create an obligation of the person's organisation with a proof and its file, a meeting and a month report."""
    day, number = NOON.date(), next(NUMBERS)
    facts = {"rule_code": f"rule_{number}", "period": CadencePeriod.MONTH, "proofs": ["document"], "least": 1}
    days = {"starts_on": day.replace(day=1), "due_on": day.replace(day=30), "soon_on": day}
    owed = await a_row(Obligation, organisation=home, **facts, **days)
    proof_id, told = uuid4(), {"organisation": home, "by": person, "handed_in_on": day, "counts_on": day}
    own = {"id": proof_id, "subject_kind": "proof", "subject_id": proof_id, "kind": ProofKind.DOCUMENT}
    await a_row(Proof, **told, **own)
    paper = b"%PDF-" + proof_id.bytes

    async def pieces() -> AsyncIterator[bytes]:
        yield paper

    kept = await office.tools.storage.keep(
        pieces(),
        folder="files",
        expected_sha256=sha256(paper),
        max_bytes=99,
        seal=office.tools.keys,
    )
    sent = {"sha256": kept.sha256, "bytes": kept.bytes}
    await a_row(FileArrival, **sent, kind=FileKind.PDF, key=kept.key, sent_by=person)
    named = {"subject_kind": "proof", "subject_id": proof_id, "position": 1}
    line = await a_row(FileLine, **named, **sent, announced_by=person)
    meeting = await a_row(
        Meeting, organisation=home, kind=ProofKind.JOINT_MEETING, recorded_by=person, held_on=day
    )
    decision = await a_row(MeetingDecision, meeting=meeting, position=1, recorded_by=person)
    report = await a_row(MonthReport, organisation=home, month_on=day.replace(day=1), handed_in_by=person)
    request = await a_row(CoordinationRequest, report=report)
    call = await a_row(TopicCall, organisation=home, called_by=person, due_on=day)
    article = {"link": "https://example.org", "consent": "本人同意"}
    given = await a_row(TopicAnswer, call=call, organisation=home, answered_by=person)
    await a_row(MediaItem, organisation=home, entered_by=person, **article)
    asked = {"about_id": call.id, "period": None, "proofs": ["topic_answer"], "rule_code": f"call_{number}"}
    await a_row(Obligation, organisation=home, **(facts | asked), **days)
    ids = {"obligation_id": owed.id, "proof_id": proof_id, "file_id": line.id, "meeting_id": meeting.id}
    ids |= {"call_id": call.id, "topic_answer_id": given.id}
    return ids | {"decision_id": decision.id, "report_id": report.id, "request_id": request.id}


async def _stored(office: Office, picture: bytes) -> str:
    """Store the bytes of a photo, sealed as over the API, and return their key."""

    async def pieces() -> AsyncIterator[bytes]:
        yield picture

    tools = office.tools
    kept, _ = await photos.store(pieces(), sha256=sha256(picture), storage=tools.storage, keys=tools.keys)
    return kept.key


async def _shown(office: Office, photo: Photo, subject_id: UUID, *, picture: bytes) -> Rendition:
    """Create a photo's rendition as it was shown in one place."""
    key = f"renditions/city/{next(NUMBERS)}"
    await office.tools.storage.put(key, picture)
    known = {"subject_id": subject_id, "key": key, "sha256": sha256(picture), "verify_code": "23456789AB"}
    found: Rendition = await a_row(Rendition, photo=photo, **known)
    return found


async def _released(office: Office, photo: Photo, case_id: UUID, *, picture: bytes) -> Rendition:
    """Create another photo of the same report, which passed and was released to the unit of a case."""
    facts = {"subject_kind": "observation", "subject_id": photo.subject_id, "sha256": sha256(case_id.bytes)}
    passed = await a_row(Photo, **facts, bytes=9, state=PhotoState.SHOWN, kind="JPEG", key=photo.key)
    await a_row(ManifestLine, **facts, position=2, bytes=9)
    checked = {"subject_id": photo.subject_id, "kind": ContentKind.PHOTO, "digest": passed.sha256}
    await a_row(ContentCheck, **checked, state=ContentState.PASS, opened_at=NOON, answered_at=NOON)
    await a_row(CasePicture, case_id=case_id, photo=passed, position=1)
    return await _shown(office, passed, case_id, picture=picture)


async def _kept(person: Person, *, bank: Organisation, item: LedgerItem) -> dict[str, Any]:
    """Create a case on the item for its unit, a problem of the bank, a saved view and an exported file."""
    told = {"item": item, "opened_by": person, "state": CaseState.RELEASED, "released_on": NOON.date()}
    case = await a_row(Case, **told, unit_id=item.lead_unit_id, position=next(NUMBERS))
    problem = await a_row(Problem, origin=bank, bank=bank, collected_by=person, number=next(NUMBERS))
    view = await a_row(SavedView, person=person)
    export = await a_row(Export, person=person, kind="ledger")
    sheet = await a_row(LedgerImport, person=person, changes=[], state=ImportState.REFUSED, confirmed_at=NOON)
    ids = {"case_id": case.id, "problem_id": problem.id, "problem_number": problem.number_text}
    return ids | {"view_id": view.id, "export_id": export.id, "import_id": sheet.id}


async def _sent(person: Person, *, home: Organisation) -> dict[str, Any]:
    """Create a certified member and a mission that this person has accepted, with an answered question."""
    member = await TeamMember.get_or_none(person=person)
    joined = {"person": person, "organisation": home, "source": MemberSource.MEDIA_WORKER}
    member = member or await a_row(TeamMember, **joined)
    certificate = await a_row(Certificate, member=member, issued_by=person, valid_until=LATER)
    mission = await a_row(Mission, organisation=home, planned_by=person, state=MissionState.UNDER_WAY)
    await a_row(MissionMember, mission=mission, member=member, accepted_at=NOON)
    stop = await a_row(MissionStop, mission=mission)
    question, other = [await a_row(ChecklistQuestion, stop=stop, position=at) for at in (1, 2)]
    answer = await a_row(ChecklistAnswer, question=other, mission=mission, by=person)
    ids = {"member_id": member.id, "certificate_id": certificate.id, "mission_id": mission.id}
    return ids | {"question_id": question.id, "answer_id": answer.id}


async def _observes(office: Office, person: Person, *, home: Organisation) -> dict[str, Any]:
    """Create a visit of one stop that this person observes."""
    rules = Rules(criteria=[Criterion("c1", "成效", HUNDRED)], groups=[Group("a", "专家组", HUNDRED)])
    kept, digest = scoring.snapshot_of(rules)
    told = {"organisation": home, "rules": kept}
    visit = await a_row(SiteVisit, **told, planned_by=person, state=VisitState.PUBLISHED, published_at=NOON)
    stop = await a_row(VisitStop, visit=visit, closes_at=NOON + timedelta(hours=1), scene=new_scene())
    await a_row(VisitBoard, visit=visit)
    observer = await a_row(VisitObserver, visit=visit, person=person, group="a")
    await a_row(ScoreRound, **told, id=visit.id, state=RoundState.OPEN, rule_digest=digest)
    times = {"opens_at": NOON, "closes_at": stop.closes_at}
    await a_row(ScoreEntry, id=stop.id, round_id=visit.id, is_mandatory=True, **times)
    judge = await a_row(ScoreJudge, round_id=visit.id, person=person, group="a")
    await make_key(visit.id, tools=office.tools)
    ids = {"visit_id": visit.id, "stop_id": stop.id, "observer_id": observer.id, "judge_id": judge.id}
    seen = {"stop": stop, "observer": observer, "presence": Presence.LOOK, "client_id": uuid4()}
    ids |= {"check_in_id": (await a_row(CheckIn, **seen, evidence={"doubts": []})).id}
    ids |= {"screen_id": (await a_row(CodeScreen, stop=stop, opened_by=person, shows_until=LATER_AT)).id}
    ids |= {"signal_id": (await a_row(ScoreSignal, judge=judge)).id}
    return ids | {"ask_id": (await a_row(RoundAsk, round_id=visit.id, asked_by=person)).id}


async def _reminded(person: Person, *, item: LedgerItem) -> dict[str, Any]:
    """Create a reminder of an item for this person, and a message about it that failed."""
    about = {"kind": "item_due", "subject_kind": "ledger_item", "subject_id": item.id, "channels": ["email"]}
    reminder = await a_row(Reminder, person=person, **about)
    failed = {"state": DeliveryState.FAILED, "failure": DeliveryFailure.LATE, "tries": []}
    delivery = await a_row(Delivery, person=person, **failed)
    await delivery.reminders.add(reminder)
    stand_in = await Substitution.create(
        person=person, substitute=await a_row(Person, designation=f"代理{next(NUMBERS)}"), since_on=LONG_AGO
    )
    return {
        "substitution_id": stand_in.id,
        "reminder_id": reminder.id,
        "delivery_id": delivery.id,
        "subject_id": item.id,
        "kind": "item_due",
        "secret": "no-such-link",
    }


def receipt() -> str:
    number = f"{next(NUMBERS):05}".replace("0", "A").replace("1", "B")
    return f"ABCDE-{number}"


async def a_row(table: type[Model], **known: Any) -> Any:
    """Create a row whose other columns hold any fitting values."""
    for name in table._meta.fields_db_projection:
        column: Any = table._meta.fields_map[name]
        is_free = column.null or column.default is not None or column.has_db_default() or column.pk
        if name not in known and not is_free and not is_link(table, name):
            known[name] = anything(column)
    return await table.create(**known)


def is_link(table: type[Model], column: str) -> bool:
    """Whether a column holds the id of another row."""
    links: Any = [table._meta.fields_map[link] for link in table._meta.fk_fields | table._meta.o2o_fields]
    return any(link.source_field == column for link in links)


def anything(column: Any) -> Any:
    """Return the plainest value of a column's type."""
    words = getattr(column, "enum_type", None)
    if words is not None:
        return next(iter(words))
    text = f"{next(NUMBERS):08}号文字"[-(getattr(column, "max_length", None) or 20) :]
    values = {str: text, int: 1, float: 1.0, bool: False, UUID: uuid4(), datetime: NOON}
    values |= {date: NOON.date(), dict | list: {}}
    return values[column.field_type]
