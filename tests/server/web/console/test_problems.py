"""The problem banks on the console: from intake to the commission's decision."""

import pytest

from models import AgendaEntry, LedgerItem, Problem
from models.vocabulary import ProblemState, Role
from server.kernel.clock import business_date
from tests.factories import registered_item

TRIAGE = {"kind": "bottleneck", "cause": "coordination", "difficulty": "hard", "solver": "city"}


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def taken_in(desk, **changes):
    given = {"title": "加装电梯审批环节多", "source": "by_hand"}
    done = await desk.post("/problems", given | changes)
    assert done.status_code == 303, done.text
    return await Problem.all().order_by("-collected_at").first()


async def step(desk, problem, name, **form):
    fresh = await Problem.get(id=problem.id)
    done = await desk.post(f"/problems/{problem.id}/{name}", {"version": str(fresh.version)} | form)
    assert done.status_code == 303, done.text
    return await Problem.get(id=problem.id)


async def test_from_intake_to_a_dispatched_decision(office, chen):
    liu = await office.desk_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    problem = await taken_in(liu, summary="涉及五个部门")
    await step(liu, problem, "triages", **TRIAGE)
    page = (await liu.get(f"/problems/{problem.id}")).text
    assert "提请深改委" in page
    await step(liu, problem, "escalations", request="请明确牵头部门")
    assert "现在可以办理" not in (await liu.get(f"/problems/{problem.id}")).text

    assert "请明确牵头部门" in (await chen.get("/problems/agenda")).text
    assert "登记深改委决定" in (await chen.get(f"/problems/{problem.id}")).text
    day = business_date(office.watch.now()).isoformat()
    await step(chen, problem, "decisions", words="由市住建局牵头", decided_on=day, unit="市住建局", days="20")
    item = await LedgerItem.get()
    assert (item.lead_unit_id, item.due_days) == (office.bureau.id, 20)
    assert item.number_text in (await chen.get("/problems/agenda?state=decided")).text
    assert "深改委决定：由市住建局牵头" in (await liu.get(f"/problems/{problem.id}")).text
    assert not await AgendaEntry.filter(state="waiting").exists()


async def test_a_problem_from_an_item_links_back_to_it(office, chen):
    item = await registered_item(office, by=chen)
    assert f"/console/problems/new?item_id={item.id}" in (await chen.get(f"/ledger/{item.id}")).text
    assert (await chen.get(f"/problems/new?item_id={item.id}")).status_code == 200
    problem = await taken_in(chen, source="ledger_item", item_id=str(item.id))
    assert f"/console/ledger/{item.id}" in (await chen.get(f"/problems/{problem.id}")).text


async def test_the_list_is_filtered_and_counted(office, chen):
    first, second = await taken_in(chen), await taken_in(chen, title="口径不一")
    await step(chen, first, "triages", **TRIAGE | {"solver": "own_level"})
    for query, found in {
        "": {first.number_text, second.number_text},
        "?state=triaged": {first.number_text},
        "?q=口径": {second.number_text},
        "?cause=coordination&level=city": {first.number_text},
        "?untouched=true": set(),
    }.items():
        page = (await chen.get(f"/problems{query}")).text
        assert {one.number_text for one in (first, second) if one.number_text in page} == found
        assert f'<b id="total">{len(found)}</b>' in page


async def test_follow_up_merge_settle_and_ledger_from_the_page(office, chen):
    one, other, third = await taken_in(chen), await taken_in(chen), await taken_in(chen)
    await step(chen, one, "follow-ups", text="已会商")
    merged = await step(chen, other, "mergers", into=one.number_text, reason="重复")
    assert merged.state is ProblemState.MERGED
    await step(chen, one, "triages", **TRIAGE | {"solver": "own_level"})
    assert (await step(chen, one, "settlements", text="已解决")).state is ProblemState.SETTLED
    await step(chen, third, "triages", **TRIAGE | {"solver": "own_level"})
    done = await step(chen, third, "ledger-items", unit="市住建局", days="5")
    assert done.state is ProblemState.ON_LEDGER


async def test_whoever_was_overtaken_is_told_beside_his_words(office, chen):
    problem = await taken_in(chen)
    told = await chen.post(
        f"/problems/{problem.id}/follow-ups", {"version": "7", "text": "已会商"}, part=True
    )
    assert told.status_code == 409
    assert told.headers["hx-retarget"] == "#notices"
