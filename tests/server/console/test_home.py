"""The first page: each number is the length of the list behind it."""

import re
from datetime import timedelta
from uuid import uuid4

from models import Observation
from models.vocabulary import ObservationKind, Role
from server import ledger
from server.ledger import NewItem
from tests.conftest import a_picture, a_report


def numbers(page):
    found = re.findall(r'class="number[^"]*" href="/console([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', page)
    return [(path.replace("&amp;", "&"), int(count), label) for path, count, label in found]


def length_of(page):
    """How many things a list page says it holds."""
    if told := re.search(r'id="total">(\d+)<', page):
        return int(told[1])
    return len(re.findall(r'data-id="', page))


async def test_every_number_is_the_length_of_its_list(office, a_task):
    chen = await office.desk_of("小陈")
    laoma = await office.phone_of("老马")
    for number in range(4):
        await laoma.submit(a_report(a_picture((number, 0, 0)), text=f"第{number}件"), uuid4())
    first, second, *_ = await Observation.all().order_by("received_at")
    await Observation.filter(id=first.id).update(promised_on=first.promised_on - timedelta(days=9))
    await chen.post(f"/review/{second.id}/question", {"version": 1, "reason": "unclear_place"}, part=True)
    for days_ago in (0, 0, 400):
        await ledger.register(
            NewItem(title="路口坑槽", kind=ObservationKind.PROBLEM),
            office=office.root,
            at=None,
            by=chen.person,
            now=office.watch.now() - timedelta(days=days_ago),
        )

    found = numbers((await chen.get("/")).text)

    counts = {label: count for _, count, label in found}
    assert counts["待审核"] == 3
    assert counts["其中已超期"] == 1
    assert counts["等上报人补充"] == 1
    assert (counts["本年任务"], counts["需要补齐"]) == (1, 3)
    assert (counts["今日挂号"], counts["本年台账"]) == (2, 2)
    for path, count, label in found:
        answer = await chen.get(path)
        assert answer.status_code == 200
        assert (label, length_of(answer.text)) == (label, count)


async def test_somebody_without_duties_here_reads_why_the_page_is_empty(office):
    citizen = await office.desk_of("群众", Role.CITIZEN)

    assert "您目前没有办公台上的职责" in (await citizen.get("/")).text
