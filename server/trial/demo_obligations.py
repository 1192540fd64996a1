"""The demo world's obligations: twelve months of reports and meetings in every colour, opened month by month."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from models import MeetingDecision, Obligation, Organisation, Person
from models.vocabulary import ProofKind as K
from models.vocabulary import Role
from server import meetings, obligations, people
from server.kernel.clock import SHANGHAI, business_date
from server.meetings.commands import HandInReport, PutDecision, RecordMeeting, SendReport
from server.obligations import HandIn
from server.people import Actor

if TYPE_CHECKING:
    from server.trial.demo import World

MEETINGS = (K.JOINT_MEETING, K.THEMATIC_MEETING, K.ON_SITE_WORKING_MEETING)
OFFICES = ("reform-office", "xingqing-office", "jinfeng-office", "group-economy", "group-society")
MISSES, IS_LATE = 5, 4  # every so many months an office hands in nothing, or too late


async def owe_and_hand_in(world: "World") -> None:
    """Open each of the last twelve months on its first day, and let five offices hand in as offices do."""
    today = business_date(world.now)
    actors = {code: await _clerk(world, code) for code in OFFICES}
    for ago in range(11, -1, -1):
        month = today.year * 12 + today.month - 1 - ago
        first = date(month // 12, month % 12 + 1, 1)
        await obligations.open_day(first, cadences=world.pack.cadences, now=_at(first))
        for turn, code in enumerate(OFFICES):
            await _hand_in(world, actors[code], first, turn=turn + month)
    await _yearly(world, actors["reform-office"], today=today)


async def _hand_in(world: "World", actor: Actor, first: date, *, turn: int) -> None:
    """Hand in a month's report and meeting: in time, too late, or not at all."""
    if turn % MISSES == 0:
        return
    days = 34 if turn % IS_LATE == 0 else 20
    day = min(first + timedelta(days=days), business_date(world.now))
    held = first + timedelta(days=min(9, (day - first).days))
    name = f"{first.month}月"
    report = HandInReport(month_on=first, title=f"{name}改革工作情况报告", requests=_requests(turn))
    handed_in, _ = await meetings.hand_in_report(report, by=actor, now=_at(day))
    if turn % 2:
        sent = SendReport(version=1, sent_to="自治区党委改革办", sent_on=day)
        await meetings.send_report(handed_in.id, sent, by=actor, now=_at(day))
    meeting = RecordMeeting(
        kind=MEETINGS[turn % 3],
        title=f"{name}改革工作{MEETINGS[turn % 3].label}",
        held_on=held,
        place="第二会议室",
        attendees="成员单位分管负责同志",
        decisions=["梳理跨部门数据共享清单"],
    )
    await meetings.record(meeting, by=actor, now=_at(day))


async def _yearly(world: "World", actor: Actor, *, today: date) -> None:
    """Hold the year's promotion meeting with a decision on the ledger, and evaluate one matter more than asked."""
    day = date(today.year, min(5, today.month), 1)
    promotion = RecordMeeting(
        kind=K.ON_SITE_PROMOTION_MEETING,
        title="全市改革现场推进会",
        held_on=day,
        place="市民大厅",
        chair_id=world.persons["qi"].id,
        attendees="各县（市）区、各专项小组办公室、责任部门主要负责同志",
        agenda="一、现场观摩；二、交流发言；三、领导讲话。",
        decisions=["推广一窗受理经验", "压缩企业开办时限"],
    )
    meeting, _ = await meetings.record(promotion, by=actor, now=_at(day))
    decision = await MeetingDecision.filter(meeting_id=meeting.id).order_by("position").get(position=2)
    unit = world.organisations["approval-service"]
    put = PutDecision(decision_id=decision.id, unit_id=unit.id, days=20)
    await meetings.put_decision(meeting.id, put, by=actor, now=world.now)
    for rule, kind, titles in (
        ("evaluations", K.EVALUATION, ("企业开办", "物业治理", "养老服务", "职业教育")),
        ("integration_fields", K.INTEGRATION_FIELD, ("数据共享",)),
    ):
        mine = Obligation.filter(organisation_id=actor.person.organisation_id, due_on__gte=today)
        owed = await mine.get(rule_code=rule)
        for title in titles:
            command = HandIn(kind=kind, title=title, done_on=today)
            await obligations.hand_in(owed.id, command, by=actor, now=world.now)


async def _clerk(world: "World", code: str) -> Actor:
    """Return somebody of an office who hands in, enrolled where the pack names nobody."""
    office: Organisation = world.organisations[code]
    person = await Person.filter(organisation_id=office.id, duties__role=Role.OFFICE_STAFF).first()
    if person is None:
        since = world.now - timedelta(days=400)
        person = await people.add_person(
            f"{office.short_name}联络员",
            role=Role.OFFICE_STAFF,
            by=None,
            now=since,
            keys=world.tools.keys,
            organisation=office,
        )
    return await people.actor_as(person, on=business_date(world.now))


def _requests(turn: int) -> list[str]:
    return ["跨区数据共享需要市大数据部门协调"] if turn % MISSES == 1 else []


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)
