"""What people are told: one message per event, in their own words, only to them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise import connections

from models import InboxMessage, JournalEntry, Observation, ReadMarks, Reporter, ReportMessage
from models.config import REPORTER_ROLE
from models.vocabulary import ObservationState
from server.jobs.reactions import REACTIONS, react
from server.kernel.unit_of_work import in_role
from server.notifications import inbox
from server.notifications.inbox.wording import POINTERS, TIMELINE, TO_COMMISSIONER, TO_REPORTER
from tests.conftest import a_report, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


async def messages(phone, count=1):
    async def look():
        page = (await phone.get("/inbox")).json()
        return page if len(page["items"]) >= count else None

    return await until(look)


async def test_a_report_is_answered_with_its_receipt_and_date(laoma):
    receipt = (await laoma.submit(a_report())).json()
    page = await messages(laoma)
    (message,) = page["items"]

    assert message["title"] == "已收到您的上报"
    assert message["body"] == f"回执号{receipt['receipt_number']}，我们会在{receipt['promise_words']}答复您。"
    assert (page["unread"], message["read_at"]) == (1, None)


async def test_a_reaction_done_twice_tells_once(office, laoma):
    await laoma.submit(a_report())
    await messages(laoma)
    entry = await JournalEntry.get(event="observation.submitted")
    for _ in range(3):
        await react(entry.id, tools=office.tools)
    assert (await ReportMessage.all().count(), await InboxMessage.all().count()) == (1, 0)


async def test_a_message_is_read_once(office, laoma):
    await laoma.submit(a_report())
    message_id = (await messages(laoma))["items"][0]["id"]
    first = await laoma.put(f"/inbox/{message_id}/reading")
    again = await laoma.put(f"/inbox/{message_id}/reading")

    assert first.json()["read_at"] == again.json()["read_at"] is not None
    assert (await laoma.get("/me")).json()["unread"] == 0


async def test_anothers_message_is_as_missing_as_none(office, laoma):
    await laoma.submit(a_report())
    message_id = (await messages(laoma))["items"][0]["id"]
    zhou = await office.phone_of("周师傅")
    foreign = await zhou.put(f"/inbox/{message_id}/reading")
    missing = await zhou.put(f"/inbox/{uuid4()}/reading")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    (still,) = (await laoma.get("/inbox")).json()["items"]
    assert still["read_at"] is None
    assert (await zhou.get("/inbox")).json()["items"] == []


def test_every_word_fits_its_place():
    assert all(len(title) <= 40 for title, _ in POINTERS.values())
    assert all(words for words in TIMELINE.values())


@pytest.mark.parametrize("deed", sorted({**TO_REPORTER, **POINTERS, **TO_COMMISSIONER}))
def test_every_message_belongs_to_a_reaction(deed):
    assert REACTIONS[deed]


async def test_a_timeline_reads_as_an_official_would_say_it(laoma):
    await laoma.submit(a_report())
    observation = await Observation.get()
    (entry,) = await JournalEntry.filter(subject_id=observation.id)
    assert inbox.timeline_words(entry.event, entry.detail) == "收到上报，附照片1张"
    assert observation.state is ObservationState.WAITING_MEDIA


# What belongs to the person, and what belongs to their reports.


async def own_message(person, at, title="您有一项督察任务"):
    return await InboxMessage.create(
        person=person,
        entry_id=-1,
        title=title,
        body="请打开查看。",
        subject_kind="mission",
        subject_id=uuid4(),
        created_at=at,
    )


async def test_both_kinds_stand_in_one_inbox_newest_first_and_are_read_together(office, laoma):
    await laoma.submit(a_report())
    await messages(laoma)
    told = await ReportMessage.get()
    await own_message(laoma.person, told.created_at + timedelta(seconds=1))
    page = (await laoma.get("/inbox")).json()
    assert [one["subject_kind"] for one in page["items"]] == ["mission", "observation"]
    assert page["unread"] == 2
    first, rest = [(await laoma.get("/inbox", params=query)).json() for query in ({"limit": 1}, {})]
    second = (await laoma.get("/inbox", params={"limit": 1, "cursor": first["cursor"]})).json()
    assert [*first["items"], *second["items"]] == rest["items"]

    until_then = {"until": page["items"][1]["created_at"]}
    after = (await laoma.put("/inbox/reading", json=until_then)).json()
    assert [one["read_at"] is None for one in after["items"]] == [True, False]
    assert after["unread"] == 1


async def test_messages_of_one_moment_are_not_torn_apart_between_pages(office, laoma):
    for _ in range(3):
        await laoma.submit(a_report())
    await messages(laoma, 3)
    await ReportMessage.all().update(created_at=office.watch.now())
    page = (await laoma.get("/inbox", params={"limit": 2})).json()
    assert len(page["items"]) == 3, "the page after would begin behind their moment"


async def test_what_is_told_of_a_report_hangs_on_it_and_on_nobody(laoma):
    await laoma.submit(a_report())
    (message,) = (await messages(laoma))["items"]
    message_id, before = message["id"], await rows_of("report_message")
    await laoma.put(f"/inbox/{message_id}/reading")
    await laoma.put("/inbox/reading", json={"until": message["created_at"]})

    assert await rows_of("report_message") == before, "reading leaves no trace on the report"
    assert await InboxMessage.all().count() == 0
    (marks,) = await rows_of("read_marks")
    assert message_id not in str(marks)
    assert message_id.replace("-", "") not in str(marks)


async def rows_of(table):
    """Return every row with the number of the transaction that wrote it."""
    return await connections.get("default").execute_query_dict(f"SELECT xmin::text, * FROM {table}")


async def test_whoever_is_forgotten_or_sealed_is_told_nothing(office, laoma):
    await office.stop_working()
    await laoma.submit(a_report())
    async with in_role(REPORTER_ROLE):
        await Reporter.all().delete()
    entry = await JournalEntry.get(event="observation.submitted")
    await react(entry.id, tools=office.tools)
    assert not await ReportMessage.exists()


async def test_read_marks_move_to_a_new_key_and_go_on_counting(office, laoma):
    await laoma.submit(a_report())
    (message,) = (await messages(laoma))["items"]
    await laoma.put("/inbox/reading", json={"until": message["created_at"]})
    await ReadMarks.all().update(key_id="gone")
    assert await inbox.reseal_read_marks(office.tools.keys) == 1
    assert await inbox.reseal_read_marks(office.tools.keys) == 0
    assert (await laoma.get("/me")).json()["unread"] == 0
