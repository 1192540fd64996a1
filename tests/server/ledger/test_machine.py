"""Several people do random actions on several items: no illegal state, no lost timeline entry, no broken chain."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import JournalEntry, LedgerItem
from models.vocabulary import LedgerState as S
from server import ledger
from server.kernel.refusal import Refusal
from server.kernel.state_machine import StaleItem, WrongStep
from server.verifying import verify
from tests.acting import act
from tests.server.ledger.test_life import AFTER, Cast

DEEDS = [
    "dispatch",
    "transfer",
    "acknowledge",
    "return_back",
    "report",
    "ask_extension",
    "grant",
    "refuse",
    "ask_close_out",
    "close",
    "reject",
    "retain",
    "resume",
    "merge",
    "split",
    "void",
    "re_register",
]


@pytest.fixture
async def cast(office):
    cast = await Cast(office).enter()
    cast.done = set()
    return cast


async def act_as(cast, deed, item, by, version):
    now, unit = cast.now, cast.office.bureau.id
    later = cast.today + timedelta(days=400)
    who = {"version": version, "by": by}
    other = next(one for one in cast.items if one.id != item.id)
    calls = {
        "dispatch": lambda: act(ledger.dispatch, item.id, unit_id=unit, now=now, **who),
        "transfer": lambda: act(ledger.transfer, item.id, unit_id=unit, reason="转", now=now, **who),
        "acknowledge": lambda: act(ledger.acknowledge, item.id, now=now, **who),
        "return_back": lambda: act(ledger.give_back, item.id, reason="退", now=now, **who),
        "report": lambda: act(ledger.report_progress, item.id, percent=50, text="进展", now=now, **who),
        "ask_extension": lambda: act(
            ledger.ask_extension, item.id, until_on=later, reason="延", now=now, **who
        ),
        "grant": lambda: act(ledger.decide_extension, item.id, approved=True, reply="", now=now, **who),
        "refuse": lambda: act(ledger.decide_extension, item.id, approved=False, reply="", now=now, **who),
        "ask_close_out": lambda: act(
            ledger.request_close_out, item.id, text="完成", evidence=[AFTER], now=now, **who
        ),
        "close": lambda: act(ledger.decide_close_out, item.id, approved=True, reply="", now=now, **who),
        "reject": lambda: act(ledger.decide_close_out, item.id, approved=False, reply="退", now=now, **who),
        "retain": lambda: act(ledger.retain, item.id, note="长期", next_review_on=later, now=now, **who),
        "resume": lambda: act(ledger.resume, item.id, reason="复", **who),
        "merge": lambda: act(ledger.merge, item.id, into=other.id, reason="并", **who),
        "split": lambda: act(ledger.split, item.id, titles=["甲项", "乙项"], now=now, **who),
        "void": lambda: act(ledger.void, item.id, reason="误", **who),
        "re_register": lambda: act(ledger.re_register, item.id, reason="回潮", **who),
    }
    await calls[deed]()


# The action for each step of the table, so that half of the attempts can be likely ones.
BY_STEP = {
    "request_close_out": "ask_close_out",
    "close_out": "close",
    "reject": "reject",
    "reject_to_retained": "reject",
}


UNITS_OWN = {"acknowledge", "return_back", "report", "ask_extension", "ask_close_out"}


def likely(item):
    deeds = [BY_STEP.get(step, step) for step in ledger.MACHINE.steps_from(item.state)]
    return [*deeds, "report", "ask_extension", "grant", "split"]


async def attempt(cast, data):
    """Let one person try one action on one item; what happens must fit the table."""
    before = await LedgerItem.get(id=data.draw(st.sampled_from(cast.items)).id)
    entries = await JournalEntry.filter(subject_id=before.id).count()
    deed = data.draw(st.sampled_from(likely(before) * 4 + DEEDS))
    usual = cast.wang if deed in UNITS_OWN else cast.luo
    by = data.draw(st.sampled_from([usual] * 6 + [cast.chen, cast.luo, cast.wang]))
    stale = data.draw(st.sampled_from([False] * 9 + [True]))
    refusal = None
    try:
        await act_as(cast, deed, before, by, before.version - stale)
    except Refusal as raised:
        refusal = raised
    after = await LedgerItem.get(id=before.id)
    told = await JournalEntry.filter(subject_id=before.id).count() - entries
    if refusal:
        assert (after.state, after.version, told) == (before.state, before.version, 0)
        legal = set(ledger.MACHINE.steps_from(after.state))
        assert not isinstance(refusal, (WrongStep, StaleItem)) or set(refusal.extra["legal"]) <= legal
        return
    assert not stale
    assert (after.version, told) == (before.version + 1, 1)
    assert after.state == before.state or after.state in ledger.MACHINE.table[before.state].values()
    cast.done.add(deed)


@pytest.fixture
def done():
    """Collect what succeeded: nearly every action, otherwise the attempts prove nothing."""
    done = set()
    yield done
    assert len(done) >= 14, sorted(set(DEEDS) - done)


@settings(
    max_examples=16,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
    derandomize=True,
)
@given(data=st.data())
async def test_whatever_is_tried_the_ledger_stays_whole(cast, done, database_url, data):
    cast.items = [await cast.register(f"第{number}件") for number in range(2)]
    for _ in range(60):
        await attempt(cast, data)
    for item in await LedgerItem.all():
        assert (item.state is S.MERGED) == (item.merged_into_id is not None)
        assert item.state is not S.RETAINED or item.next_review_on
    assert (await verify(database_url)).faults == []
    done.update(cast.done)
