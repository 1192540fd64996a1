"""From triage to the commission and back to the origin, under one number."""

from datetime import timedelta

import msgspec
import pytest

from models import AgendaEntry, LedgerItem, Problem
from models.vocabulary import AgendaState, BankLevel, LedgerState, ProblemState, Solver
from models.vocabulary import ProblemSourceKind as K
from server import journal, problems
from server.kernel.clock import business_date
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger.numbering import NoSeries
from server.ledger.refusals import NotAUnit
from server.notifications import inbox
from server.people import NotAllowed
from server.problems import Dispatch, ProblemFilter, Source
from server.problems.commands import FollowUp
from server.problems.refusals import DecidedAhead, NotForTheCity, NotYourBank
from tests.conftest import until
from tests.factories import registered_item
from tests.server.problems.conftest import TRIAGED

AT_HOME = msgspec.structs.replace(TRIAGED, solver=Solver.OWN_LEVEL)


async def story(subject):
    return [inbox.timeline_words(one.event, one.detail) for one in await journal.timeline(subject.id)]


async def test_an_escalated_problem_keeps_its_number_and_appears_in_the_citys_bank(banks, office):
    taken = await banks.take_in(banks.town)
    await banks.step(problems.triage, taken, banks.of(banks.town), found=TRIAGED)
    problem = await banks.step(problems.escalate, taken, banks.of(banks.town), request="请协调")

    assert (problem.number_text, problem.level) == (taken.number_text, BankLevel.CITY)
    wanted = ProblemFilter(bank_id=office.root.id)
    (found,) = await problems.page_of(banks.of(office.root), wanted, now=banks.now)
    assert found.id == taken.id
    for keeper in (banks.town, banks.county):  # and the banks it came from still see it
        assert await problems.problem_seen_by(banks.of(keeper), taken.id)
    (entry,) = await problems.agenda(banks.of(office.root))
    assert (entry.problem_id, entry.state, entry.request) == (taken.id, AgendaState.WAITING, "请协调")


async def test_only_what_needs_the_city_is_escalated(banks):
    problem = await banks.triaged(banks.county, AT_HOME)
    with pytest.raises(NotForTheCity):
        await banks.step(problems.escalate, problem, banks.of(banks.county), request="请协调")
    assert not await AgendaEntry.exists()


async def test_after_escalation_the_origin_looks_and_acts_no_more(banks):
    problem = await banks.escalated(banks.county)
    with pytest.raises(NotYourBank):
        await banks.step(problems.follow_up, problem, banks.of(banks.county), text="继续")


async def test_the_decision_comes_back_as_a_dispatched_item_and_an_event_at_the_origin(banks, office):
    problem = await banks.decided(await banks.escalated(banks.county), days=20)
    item = await LedgerItem.get()

    assert (item.state, item.lead_unit_id) == (LedgerState.DISPATCHED, office.bureau.id)
    assert (item.due_days, item.summary, item.number_text) == (20, "由市住建局牵头打通", "改-2026-0001")
    assert (problem.state, problem.item_id) == (ProblemState.ON_LEDGER, item.id)
    expected = f"深改委决定：由市住建局牵头打通（挂号改-2026-0001，{item.due_words}）"
    assert (await story(problem))[-1] == expected
    (entry,) = await problems.agenda_of(problem)
    assert (entry.state, entry.item_id) == (AgendaState.DECIDED, item.id)
    (back,) = await problems.problems_from(banks.of(office.root), K.LEDGER_ITEM, item.id)
    assert back.id == problem.id

    async def told():
        return await inbox.messages_of(banks.of(banks.county), before=None, limit=5, keys=office.tools.keys)

    (message,) = await until(told)
    assert message.title == "提请的问题有了决定"
    assert message.body.startswith("兴庆区委改革办-问题-2026-0001：由市住建局牵头打通。已挂号改-2026-0001")


async def test_the_decision_stands_in_the_story_of_the_item_it_came_from(banks, office):
    chen = banks.of(office.root)
    source = await registered_item(office, by=chen, title="数据不通", now=banks.now)
    problem = await banks.escalated(office.root, sources=[Source(K.LEDGER_ITEM, source.id)])
    await banks.decided(problem)
    assert (await story(source))[-1].startswith("深改委决定：由市住建局牵头打通（挂号改-2026-0002")


async def test_a_decision_that_can_not_be_dispatched_leaves_everything_as_it_was(banks, office):
    problem = await banks.escalated(banks.county)
    with pytest.raises(NotAUnit):
        await banks.decided(problem, unit=office.root)
    assert not await LedgerItem.exists()
    assert (await AgendaEntry.get()).state is AgendaState.WAITING
    assert (await Problem.get()).state is ProblemState.ESCALATED
    await banks.decided(problem)
    assert (await LedgerItem.get()).number == 1


async def test_the_commission_decides_on_a_day_that_has_come_and_once(banks):
    problem = await banks.escalated(banks.county)
    with pytest.raises(DecidedAhead):
        await banks.decided(problem, on=business_date(banks.now) + timedelta(days=1))
    await banks.decided(problem)
    with pytest.raises(WrongStep):
        await banks.decided(problem)


async def test_only_the_citys_office_records_decisions(banks):
    problem = await banks.escalated(banks.town)
    with pytest.raises(NotYourBank):
        await banks.decided(problem, by=banks.of(banks.county))
    with pytest.raises(NotAllowed):
        await banks.decided(problem, by=banks.of(banks.town))


async def test_what_its_own_level_can_solve_goes_onto_its_own_ledger(banks):
    problem = await banks.triaged(banks.county, AT_HOME)
    by = banks.of(banks.county)
    done = await banks.step(problems.put_on_ledger, problem, by, dispatch=Dispatch(banks.town.id, days=5))
    item = await LedgerItem.get()
    assert (item.number_text, item.lead_unit_id) == ("兴-2026-0001", banks.town.id)
    assert (done.state, done.item_id) == (ProblemState.ON_LEDGER, item.id)


async def test_a_bank_without_a_ledger_puts_nothing_on_it(banks, office):
    problem = await banks.triaged(banks.group, AT_HOME)
    dispatch = Dispatch(office.bureau.id)
    with pytest.raises(NoSeries):
        await banks.step(problems.put_on_ledger, problem, banks.of(banks.group), dispatch=dispatch)


async def test_a_merged_problem_points_to_the_survivor(banks):
    one, other = await banks.take_in(banks.county), await banks.take_in(banks.county, "同一问题")
    by = banks.of(banks.county)
    merged = await banks.step(problems.merge, other, by, into=one.id, reason="重复")
    assert (merged.state, merged.merged_into_id) == (ProblemState.MERGED, one.id)
    with pytest.raises(WrongStep):
        await banks.step(problems.merge, one, by, into=other.id, reason="回并")
    with pytest.raises(WrongStep):
        await banks.step(problems.follow_up, other, by, text="继续")


async def test_a_step_with_an_old_version_is_refused_with_the_legal_ones(banks):
    problem = await banks.triaged(banks.county)
    command = FollowUp(version=1, text="已解决")
    with pytest.raises(StaleItem) as refused:
        await problems.settle(problem.id, command, by=banks.of(banks.county), now=banks.now)
    assert refused.value.extra == {
        "version": 2,
        "state": "triaged",
        "legal": ["triage", "escalate", "put_on_ledger", "settle", "merge"],
    }
