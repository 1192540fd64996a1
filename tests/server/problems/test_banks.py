"""Four levels of banks: each sees its own and lower ones, never a sibling's, and numbers have no gaps."""

import asyncio
from datetime import timedelta

import pytest

from models import Organisation
from models.vocabulary import BankLevel, OrganisationKind, ProblemState, Role
from server import ledger, problems
from server.kernel.refusal import NoSuchThing
from server.people import NotAllowed
from server.problems import LEVELS, NewProblem, ProblemFilter
from server.problems.refusals import NotYourBank


async def seen_by(banks, actor, **wanted):
    found = await problems.page_of(actor, ProblemFilter(**wanted), now=banks.now)
    return {one.title for one in found}


async def test_each_bank_sees_its_own_and_lower_ones_never_a_siblings(banks):
    for bank in await Organisation.all():
        await banks.take_in(bank, bank.name)
    names = {bank.code: bank.name for bank in await Organisation.all()}
    seen = {code: await seen_by(banks, actor) for code, actor in banks.keepers.items()}
    assert seen == {
        "office": set(names.values()),
        "xingqing": {names["xingqing"], names["town"]},
        "jinfeng": {names["jinfeng"]},
        "economy": {names["economy"]},
        "housing": {names["housing"]},
        "town": {names["town"]},
    }


async def test_a_siblings_problem_is_missing(banks):
    problem = await banks.take_in(banks.county)
    with pytest.raises(NoSuchThing):
        await problems.problem_seen_by(banks.of(banks.other_county), problem.id)
    with pytest.raises(NoSuchThing):
        await banks.step(problems.follow_up, problem, banks.of(banks.group), text="试试")


async def test_a_superior_looks_into_a_lower_bank_and_keeps_it_not(banks, office):
    problem = await banks.take_in(banks.town)
    with pytest.raises(NotYourBank):
        await banks.step(problems.follow_up, problem, banks.of(banks.county), text="代办")
    with pytest.raises(NotYourBank):
        await problems.take_in(
            NewProblem("代填"), by=banks.of(office.root), now=banks.now, bank_id=banks.town.id
        )


async def test_people_without_the_duty_see_no_bank(banks, office):
    laoma = await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await seen_by(banks, laoma)
    with pytest.raises(NotAllowed):
        await problems.take_in(NewProblem("自报"), by=laoma, now=banks.now)


def test_every_kind_of_organisation_has_a_level():
    assert set(LEVELS) == set(OrganisationKind)
    assert set(LEVELS.values()) == set(BankLevel)


async def test_numbers_run_per_bank_without_gap_under_fifty_at_once(banks, office):
    taken = await asyncio.gather(
        *(banks.take_in(banks.county if number % 2 else office.bureau) for number in range(50))
    )
    for bank in (banks.county, office.bureau):
        numbers = sorted(one.number for one in taken if one.origin_id == bank.id)
        assert numbers == list(range(1, 26))
    assert taken[0].number_text.startswith("市住建局-问题-2026-")
    assert await problems.broken_banks() == []
    assert await ledger.reading.broken_series() == []


async def test_a_lost_number_is_found(banks):
    first = await banks.take_in(banks.county)
    await banks.take_in(banks.county)
    await first.delete()
    assert [row["last_number"] for row in await problems.broken_banks()] == [2]
    assert await ledger.reading.broken_series() == []  # it is not the ledger's number that is missing


@pytest.mark.parametrize(("days", "untouched"), [(29, 0), (31, 1)])
async def test_untouched_for_thirty_days_equals_the_query(banks, days, untouched):
    await banks.take_in(banks.county)
    banks.office.watch.ahead = timedelta(days=days)
    wanted = ProblemFilter(untouched=True)
    keeper = banks.of(banks.county)
    found = await problems.page_of(keeper, wanted, now=banks.now)
    assert len(found) == await problems.count_of(keeper, wanted, now=banks.now) == untouched


async def test_a_follow_up_touches_and_the_settled_are_not_waited_for(banks):
    touched, settled = await banks.take_in(banks.county), await banks.triaged(banks.county)
    await banks.step(problems.settle, settled, banks.of(banks.county), text="已协调解决")
    banks.office.watch.ahead = timedelta(days=20)
    await banks.step(problems.follow_up, touched, banks.of(banks.county), text="已约谈")
    banks.office.watch.ahead = timedelta(days=40)
    assert await seen_by(banks, banks.of(banks.county), untouched=True) == set()
    banks.office.watch.ahead = timedelta(days=51)
    wanted = ProblemFilter(untouched=True, state=ProblemState.COLLECTED)
    found = await problems.page_of(banks.of(banks.county), wanted, now=banks.now)
    assert [one.id for one in found] == [touched.id]


async def test_pages_follow_one_another_without_gap_or_double(banks):
    for number in range(5):
        await banks.take_in(banks.county, f"问题{number}")
    keeper, seen, cursor = banks.of(banks.county), [], None
    while True:
        found = await problems.page_of(keeper, ProblemFilter(limit=2, cursor=cursor), now=banks.now)
        seen += [one.title for one in found[:2]]
        if len(found) <= 2:
            break
        cursor = found[1].id
    assert seen == [f"问题{number}" for number in range(4, -1, -1)]
