"""A problem has an origin, and leads there and back."""

from uuid import uuid4

import pytest

from models import Observation, Problem
from models.vocabulary import ObservationKind, ProblemSourceKind
from server import ledger, observations, problems
from server.cases.refusals import ReportersWords
from server.ledger import NewItem
from server.observations.refusals import NoSuchTask
from server.problems import NewProblem, Source
from server.problems.refusals import AlreadyTakenIn, NoSuchSource
from tests.conftest import a_report

K = ProblemSourceKind


async def a_report_and_its_item(office, chen):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(text="上周有位老人在这里摔倒，没有人来管这件事"))
    report = await Observation.get()
    new = NewItem("路口坑槽", ObservationKind.PROBLEM)
    item = await observations.accept(report.id, version=1, new=new, by=chen, now=office.watch.now())
    return report, item


async def test_sources_link_both_ways(banks, office):
    chen = banks.of(office.root)
    report, item = await a_report_and_its_item(office, chen)
    sources = [
        Source(K.OBSERVATION, report.id),
        Source(K.LEDGER_ITEM, item.id),
        Source(K.MEETING, words="专题会议2026年第3次"),
    ]
    problem = await banks.take_in(office.root, sources=sources)

    links = {(one.kind, one.source_id, one.words) for one in await problems.sources_of(chen, problem)}
    assert links == {(one.kind, one.source_id, one.words) for one in sources}
    for one in sources[:2]:
        (found,) = await problems.problems_from(chen, one.kind, one.source_id)
        assert found.id == problem.id


async def test_a_report_is_hidden_from_who_may_not_review_it(banks, office):
    report, _ = await a_report_and_its_item(office, banks.of(office.root))
    problem = await banks.take_in(office.root, sources=[Source(K.OBSERVATION, report.id)])
    await Problem.filter(id=problem.id).update(origin_id=office.bureau.id)
    (link,) = await problems.sources_of(banks.of(office.bureau), problem)
    assert (link.kind, link.source_id) == (K.OBSERVATION, None)


@pytest.mark.parametrize("kind", [K.OBSERVATION, K.LEDGER_ITEM, K.CHECKLIST_ANSWER])
@pytest.mark.parametrize("has_id", [False, True])
async def test_what_is_ours_is_linked_by_an_id_that_one_sees(banks, kind, has_id):
    with pytest.raises(NoSuchSource):
        await banks.take_in(banks.county, sources=[Source(kind, uuid4() if has_id else None, "某处")])
    assert not await Problem.exists()


async def test_a_foreign_item_is_no_source(banks, office):
    _, item = await a_report_and_its_item(office, banks.of(office.root))
    with pytest.raises(NoSuchSource):
        await banks.take_in(office.bureau, sources=[Source(K.LEDGER_ITEM, item.id)])


@pytest.mark.parametrize("kind", [K.MEETING, K.IMPORT, K.RESEARCH, K.SITE_VISIT, K.EVALUATION, K.LETTER])
async def test_what_has_no_page_is_named(banks, kind):
    with pytest.raises(NoSuchSource):
        await banks.take_in(banks.county, sources=[Source(kind)])
    assert (await banks.take_in(banks.county, sources=[Source(kind, words="第3次")])).number == 1


async def test_one_source_is_taken_into_a_bank_once(banks, office):
    _, item = await a_report_and_its_item(office, banks.of(office.root))
    source = Source(K.LEDGER_ITEM, item.id)
    first = await banks.take_in(office.root, sources=[source])
    with pytest.raises(AlreadyTakenIn) as refused:
        await banks.take_in(office.root, sources=[source])
    assert refused.value.extra == {"number": first.number_text}


async def test_a_bank_speaks_in_its_own_words(banks, office):
    report, _ = await a_report_and_its_item(office, banks.of(office.root))
    new = NewProblem("老人摔倒", summary="据反映上周有位老人在这里摔倒，没有人来管")
    with pytest.raises(ReportersWords):
        await problems.take_in(
            new, by=banks.of(office.root), now=banks.now, sources=[Source(K.OBSERVATION, report.id)]
        )


async def test_a_task_that_is_not_on_the_list_is_refused(banks):
    with pytest.raises(NoSuchTask):
        await problems.take_in(
            NewProblem("任务不存在", task_id=uuid4()), by=banks.of(banks.county), now=banks.now
        )


async def test_a_failed_intake_leaves_no_gap(banks):
    with pytest.raises(NoSuchSource):
        await banks.take_in(banks.county, sources=[Source(K.MEETING)])
    assert (await banks.take_in(banks.county)).number == 1
    assert await ledger.reading.broken_series() == await problems.broken_banks() == []
