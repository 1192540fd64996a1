"""What people are told: one message for each event, in their own words, to them alone."""

from uuid import UUID, uuid4

import pytest

from models import InboxMessage, JournalEntry, Observation
from models.vocabulary import ObservationState
from server import inbox
from server.inbox.wording import POINTERS, TIMELINE, TO_COMMISSIONER, TO_REPORTER
from server.jobs.reactions import REACTIONS, react
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
    entry = await JournalEntry.get(deed="observation.submitted")
    for _ in range(3):
        await react(entry.id, tools=office.tools)
    assert await InboxMessage.all().count() == 1


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
    assert (await InboxMessage.get(id=UUID(message_id))).read_at is None
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
    assert inbox.timeline_words(entry.deed, entry.detail) == "收到上报，附照片1张"
    assert observation.state is ObservationState.WAITING_MEDIA
