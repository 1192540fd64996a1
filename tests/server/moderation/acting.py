"""Actions shared by the moderation tests."""

from datetime import timedelta
from uuid import uuid4

from models import ContentCheck, JournalEntry, Observation
from models.vocabulary import Anonymity, ContentKind, ContentState
from server import moderation
from server.jobs.reactions import react
from tests.conftest import a_report, until
from tests.fixtures_wechat import a_packet

TEXT_CHECK, PICTURE_CHECK = "wxa/msg_sec_check", "wxa/media_check_async"
OPENID = "openid-demo-老马"


async def reported(phone, *pictures, **changes):
    """Send a report whose photos arrive, except the usual one that never comes."""
    client_id = uuid4()
    receipt = await phone.submit(a_report(*pictures, **changes), client_id)
    assert receipt.status_code == 201, receipt.text
    for picture in pictures:
        assert (await phone.upload(picture)).status_code in (200, 201)
    return await Observation.get(client_id=client_id)


async def sealed(report):
    """Turn the report into one whose reporter is sealed."""
    await Observation.filter(id=report.id).update(anonymity=Anonymity.SEALED)
    return await Observation.get(id=report.id)


async def amended(phone, report, *pictures, **changes):
    answer = await phone.put(
        f"/observations/{report.client_id}/revisions/{report.version}", json=a_report(*pictures, **changes)
    )
    assert answer.status_code == 201, answer.text
    return await Observation.get(id=report.id)


async def check_in(report, state, kind=ContentKind.TEXT):
    """Return the current check of a kind, once it reaches a state."""
    return await until(
        lambda: ContentCheck.get_or_none(subject_id=report.id, kind=kind, state=state, is_current=True)
    )


async def text_in(report, state):
    return await check_in(report, state)


async def photo_in(report, state):
    return await check_in(report, state, ContentKind.PHOTO)


async def asked_photo(report):
    """Return the check of a report's one photo while WeChat is judging it."""
    pending = {"subject_id": report.id, "kind": ContentKind.PHOTO, "state": ContentState.PENDING}
    return await until(lambda: ContentCheck.get_or_none(**pending, trace_id__not_isnull=True))


async def verdict_on(office, trace_id, suggest="pass", **more):
    """Push a verdict as WeChat, whatever it really thinks."""
    event = {"Event": "wxa_media_check", "trace_id": trace_id, "result": {"suggest": suggest, "label": 100}}
    query, body = a_packet(event | more)
    return await office.client().post("/wechat/callback", params=query, content=body)


async def waited(office, **time):
    """Advance the clock and run the timetable's sweep."""
    office.watch.ahead += timedelta(**time)
    await moderation.sweep(tools=office.tools)


async def reacted_again(office, deed):
    """Repeat the jobs of an event, as after a worker died between doing and recording."""
    for entry in await JournalEntry.filter(event=deed):
        await react(entry.id, tools=office.tools)


async def everything():
    """Return all checks in the database, for comparing before and after."""
    return await ContentCheck.all().order_by("id").values()


async def holdings():
    """Count how often content was handed to a person."""
    return await JournalEntry.filter(event="content.held").count()


async def put_off(report, kind=ContentKind.TEXT):
    """Return the check that WeChat could not take at the first attempt."""

    async def look():
        check = await ContentCheck.get_or_none(subject_id=report.id, kind=kind, attempts=1)
        is_waiting = check and check.state is ContentState.PENDING
        return check if is_waiting and is_judged_or_put_off(check) else None

    return await until(look)


def is_judged_or_put_off(check):
    """Whether no request is in progress: one in progress holds a lease of two minutes."""
    if check.state is not ContentState.PENDING:
        return True
    return check.asked_at is not None and check.due_at - check.asked_at < timedelta(seconds=90)
