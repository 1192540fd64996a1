"""From 挂号 to 销号: who takes which step, and what is refused."""

import asyncio
from datetime import timedelta

import pytest

from models import CloseOutRequest, JournalEntry, LedgerItem, ProgressReport, Recheck
from models.vocabulary import EvidenceKind, LedgerState, RecheckAnswer, RequestState, Role
from server import journal, ledger, policies
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger import EvidencePhoto
from server.ledger.refusals import (
    AlreadyLinked,
    AskerMayNotDecide,
    DateNotAhead,
    EvidenceMissing,
    ExtensionTooLate,
    NextStepMissing,
    NotAUnit,
    OpenChildren,
    RecheckNeedsWords,
    RecheckOver,
    VoidedByTheSame,
)
from server.notifications import inbox
from server.packs import FourEyes
from server.people import NotAllowed
from server.policies import NewPolicy
from tests.acting import act
from tests.conftest import sha256
from tests.factories import registered_item

AFTER = EvidencePhoto(sha256(b"after"), 5, EvidenceKind.AFTER)


class Cast:
    """The people of these tests, and one item."""

    def __init__(self, office):
        self.office = office

    async def enter(self):
        office = self.office
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        self.luo = await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))
        wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
        self.wang = await office.actor(wang)
        self.item = await self.register()
        return self

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def register(self, title="路口坑槽"):
        return await registered_item(self.office, by=self.chen, title=title, now=self.now)

    async def fresh(self):
        self.item = await LedgerItem.get(id=self.item.id)
        return self.item

    async def step(self, verb, by, **how):
        """Take a step with the current version, and reload the item."""
        await self.fresh()
        await act(verb, self.item.id, version=self.item.version, by=by, **how)
        return await self.fresh()

    async def dispatched(self, **how):
        how = {"days": 5} | how
        return await self.step(ledger.dispatch, self.chen, unit_id=self.office.bureau.id, now=self.now, **how)

    async def in_progress(self, **how):
        await self.dispatched(**how)
        return await self.step(ledger.acknowledge, self.wang, now=self.now)

    async def closing(self, evidence=(AFTER,)):
        await self.in_progress()
        return await self.ask_close_out(evidence=evidence)

    async def ask_close_out(self, evidence=(AFTER,)):
        return await self.step(
            ledger.request_close_out, self.wang, text="已修补", evidence=list(evidence), now=self.now
        )

    async def close(self, by=None):
        return await self.step(
            ledger.decide_close_out, by or self.luo, approved=True, reply="现场已核", now=self.now
        )

    async def closed(self):
        await self.closing()
        return await self.close()

    async def story(self):
        return [inbox.timeline_words(one.event, one.detail) for one in await journal.timeline(self.item.id)]


@pytest.fixture
async def cast(office):
    return await Cast(office).enter()


async def test_an_item_goes_its_whole_way_and_its_story_can_be_read(cast):
    await cast.in_progress(due_on=cast.today + timedelta(days=30))
    await cast.step(ledger.report_progress, cast.wang, percent=60, text="材料已进场", now=cast.now)
    await cast.ask_close_out()
    item = await cast.close()

    assert (item.state, item.percent) == (LedgerState.CLOSED, 100)
    story = await cast.story()
    assert [words.partition("，")[0].partition("：")[0] for words in story] == [
        "挂号",
        "分办给市住建局",
        "承办单位签收",
        "填报进展60%",
        "申请销号",
        "审核通过",
    ]


async def test_a_dispatched_item_is_due_in_working_days_and_names_its_commissioner(cast):
    item = await cast.dispatched(days=5)
    assert item.commissioner_id == cast.wang.person.id
    assert (item.due_days, item.due_from_on) == (5, cast.today)
    assert item.due_words.startswith("5个工作日")


async def test_work_goes_to_units_not_to_offices(cast):
    with pytest.raises(NotAUnit):
        await cast.step(ledger.dispatch, cast.chen, unit_id=cast.office.root.id, now=cast.now)


async def test_a_deadline_lies_ahead(cast):
    with pytest.raises(DateNotAhead):
        await cast.dispatched(due_on=cast.today)


async def test_the_unit_may_give_a_dispatched_item_back(cast):
    await cast.dispatched()
    item = await cast.step(ledger.give_back, cast.wang, reason="不属于本单位职责", now=cast.now)
    assert (item.state, item.lead_unit_id) == (LedgerState.REGISTERED, None)
    assert (await cast.story())[-1] == "市住建局退回：不属于本单位职责"


async def test_a_step_that_is_not_legal_is_refused_with_the_legal_ones(cast):
    with pytest.raises(WrongStep) as refused:
        await cast.step(ledger.decide_close_out, cast.luo, approved=True, reply="", now=cast.now)
    assert refused.value.extra == {"state": "registered", "legal": ["dispatch", "merge", "void"]}
    assert await JournalEntry.filter(subject_id=cast.item.id).count() == 1


async def test_of_fifty_parallel_steps_exactly_one_wins(cast):
    version, unit = cast.item.version, cast.office.bureau.id
    outcomes = await asyncio.gather(
        *(
            act(ledger.dispatch, cast.item.id, version=version, unit_id=unit, by=cast.chen, now=cast.now)
            if number % 2
            else act(ledger.void, cast.item.id, version=version, reason="重复", by=cast.luo)
            for number in range(50)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, LedgerItem) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} == {LedgerItem, StaleItem}
    assert (await cast.fresh()).version == version + 1


async def test_nobody_approves_the_close_out_he_asked_for(cast, office):
    await cast.closing()
    request = await CloseOutRequest.get()
    await LedgerItem.filter(id=cast.item.id).update(asked_by_id=cast.luo.person.id)
    with pytest.raises(AskerMayNotDecide):
        await cast.close(by=cast.luo)
    assert (await CloseOutRequest.get(id=request.id)).state is RequestState.ASKED


async def test_a_unit_decides_nothing_and_the_office_handles_nothing(cast):
    await cast.closing()
    with pytest.raises(NotAllowed):
        await cast.close(by=cast.wang)
    other = await cast.register()
    cast.item = other
    await cast.dispatched()
    with pytest.raises(NotAllowed):
        await cast.step(ledger.acknowledge, cast.chen, now=cast.now)


async def test_another_units_commissioner_does_not_even_see_it(cast, office):
    await cast.dispatched()
    stranger = await office.actor(await office.enrol("许科长", Role.COMMISSIONER, organisation=office.root))
    with pytest.raises(NoSuchThing):
        await cast.step(ledger.acknowledge, stranger, now=cast.now)


async def test_a_close_out_without_its_evidence_is_refused_and_the_gap_is_named(cast):
    await cast.in_progress()
    with pytest.raises(EvidenceMissing) as refused:
        await cast.ask_close_out(evidence=[])
    assert refused.value.message == "还缺：整改后照片。"
    assert not await CloseOutRequest.exists()


async def test_a_refused_close_out_goes_back_where_it_came_from(cast):
    await cast.in_progress()
    await cast.step(
        ledger.retain,
        cast.chen,
        note="需跨年度实施",
        next_review_on=cast.today + timedelta(days=90),
        now=cast.now,
    )
    await cast.ask_close_out()
    item = await cast.step(ledger.decide_close_out, cast.luo, approved=False, reply="照片不清", now=cast.now)
    assert item.state is LedgerState.RETAINED

    cast.item = await cast.register()
    await cast.closing()
    item = await cast.step(ledger.decide_close_out, cast.luo, approved=False, reply="照片不清", now=cast.now)
    assert item.state is LedgerState.IN_PROGRESS


async def test_a_retained_item_comes_back_on_its_review_day_and_not_before(cast):
    await cast.in_progress()
    review_on = cast.today + timedelta(days=30)
    await cast.step(ledger.retain, cast.chen, note="长期工作", next_review_on=review_on, now=cast.now)

    assert await ledger.due_for_review(review_on - timedelta(days=1)) == []
    assert [one.id for one in await ledger.due_for_review(review_on)] == [cast.item.id]
    item = await cast.step(ledger.resume, cast.chen, reason="条件已具备")
    assert item.state is LedgerState.IN_PROGRESS
    assert (item.retention_note, item.next_review_on) == ("", None)
    assert await ledger.due_for_review(review_on) == []


async def test_a_review_date_lies_ahead(cast):
    await cast.in_progress()
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.retain, cast.chen, note="长期", next_review_on=cast.today, now=cast.now)


async def test_a_unit_asks_for_retention_and_the_office_decides(cast):
    await cast.in_progress()
    review = cast.today + timedelta(days=90)
    wish = {"reason": "跨年度实施", "review_on": review, "now": cast.now}
    await cast.step(ledger.ask_retention, cast.wang, **wish)
    with pytest.raises(WrongStep):
        await cast.step(ledger.ask_retention, cast.wang, **wish)
    with pytest.raises(NotAllowed):
        await cast.step(ledger.decide_retention, cast.wang, approved=True, reply="", now=cast.now)
    item = await cast.step(ledger.decide_retention, cast.luo, approved=False, reply="年内可完", now=cast.now)
    assert item.state is LedgerState.IN_PROGRESS
    with pytest.raises(WrongStep):
        await cast.step(ledger.decide_retention, cast.luo, approved=True, reply="", now=cast.now)
    await cast.step(ledger.ask_retention, cast.wang, **wish)
    item = await cast.step(ledger.decide_retention, cast.luo, approved=True, reply="", now=cast.now)
    assert (item.state, item.retention_note, item.next_review_on) == (
        LedgerState.RETAINED,
        "跨年度实施",
        review,
    )


async def test_retaining_without_being_asked_answers_an_open_wish(cast):
    await cast.in_progress()
    review = cast.today + timedelta(days=90)
    await cast.step(ledger.ask_retention, cast.wang, reason="跨年", review_on=review, now=cast.now)
    item = await cast.step(ledger.retain, cast.chen, note="长期", next_review_on=review, now=cast.now)
    assert (await ledger.pending_of(item)).retention is None


async def test_a_wished_review_date_lies_ahead(cast):
    await cast.in_progress()
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.ask_retention, cast.wang, reason="跨年", review_on=cast.today, now=cast.now)


async def test_a_granted_extension_moves_the_deadline_and_is_counted_for_ever(cast):
    await cast.in_progress()
    later = cast.item.due_on + timedelta(days=20)
    await cast.step(ledger.ask_extension, cast.wang, until_on=later, reason="材料未到", now=cast.now)
    with pytest.raises(WrongStep):
        await cast.step(ledger.ask_extension, cast.wang, until_on=later, reason="再来", now=cast.now)
    item = await cast.step(ledger.decide_extension, cast.luo, approved=True, reply="", now=cast.now)

    assert item.due_on == later
    assert await ledger.extensions_granted(item) == 1


async def test_a_refused_extension_leaves_the_deadline(cast):
    before = (await cast.in_progress()).due_on
    later = before + timedelta(days=20)
    await cast.step(ledger.ask_extension, cast.wang, until_on=later, reason="材料未到", now=cast.now)
    item = await cast.step(ledger.decide_extension, cast.luo, approved=False, reply="抓紧", now=cast.now)
    assert item.due_on == before
    assert await ledger.extensions_granted(item) == 0


async def test_after_the_deadline_no_extension_is_asked(cast):
    item = await cast.in_progress()
    cast.office.watch.ahead = timedelta(days=60)
    with pytest.raises(ExtensionTooLate):
        await cast.step(
            ledger.ask_extension,
            cast.wang,
            until_on=item.due_on + timedelta(days=200),
            reason="晚了",
            now=cast.now,
        )


async def test_three_reports_alike_are_flagged(cast):
    await cast.in_progress()
    for text in ("正在推进。", "正在推进", "正在 推进!", "已完成招标"):
        await cast.step(ledger.report_progress, cast.wang, percent=10, text=text, now=cast.now)
        cast.office.watch.ahead += timedelta(seconds=1)
    flags = await ProgressReport.all().order_by("reported_at").values_list("is_alike", flat=True)
    assert list(flags) == [False, False, True, False]


async def test_a_merged_item_points_to_the_survivor_and_moves_no_more(cast):
    survivor = await cast.register("同一件事")
    item = await cast.step(ledger.merge, cast.chen, into=survivor.id, reason="重复反映")
    assert (item.state, item.merged_into_id) == (LedgerState.MERGED, survivor.id)
    with pytest.raises(WrongStep):
        await cast.dispatched()
    cast.item = survivor
    with pytest.raises(WrongStep):  # and nothing is merged into itself or into an ended item
        await cast.step(ledger.merge, cast.chen, into=item.id, reason="回并")


async def test_a_parent_closes_only_after_its_children(cast):
    await cast.in_progress()
    await cast.step(ledger.split, cast.chen, titles=["路面修补", "排水疏通"], now=cast.now)
    with pytest.raises(OpenChildren) as refused:
        await cast.ask_close_out()
    assert refused.value.extra == {"items": ["改-2026-0002", "改-2026-0003"]}

    for child in await LedgerItem.filter(parent_id=cast.item.id):
        asked = await act(ledger.void, child.id, version=child.version, reason="不再需要", by=cast.chen)
        await act(ledger.void, child.id, version=asked.version, reason="同意", by=cast.luo)
    assert (await cast.ask_close_out()).state is LedgerState.CLOSING


async def test_a_voided_number_stays_used(cast):
    await cast.step(ledger.void, cast.chen, reason="误挂")
    await cast.step(ledger.void, cast.luo, reason="同意")
    assert (await cast.fresh()).state is LedgerState.VOIDED
    assert (await cast.register()).number == cast.item.number + 1


async def test_rev_04_voiding_takes_two_people_and_any_other_step_ends_the_proposal(cast):
    asked = await cast.step(ledger.void, cast.chen, reason="误挂")
    assert (asked.state, asked.void_asked_by_id) == (LedgerState.REGISTERED, cast.chen.person.id)
    with pytest.raises(VoidedByTheSame):
        await cast.step(ledger.void, cast.chen, reason="再点一次")
    await cast.dispatched()
    assert (await cast.fresh()).void_asked_by_id is None


async def test_rev_04_where_the_city_decides_so_one_person_voids(cast):
    new = NewPolicy(FourEyes(void=False), "人手不够")
    await policies.change_policy("four_eyes", version=1, new=new, by=cast.luo, now=cast.now)
    assert (await cast.step(ledger.void, cast.chen, reason="误挂")).state is LedgerState.VOIDED


@pytest.mark.parametrize("state", ["registered", "dispatched", "in_progress", "closing"])
async def test_led_09_an_item_is_merged_at_any_open_state_and_both_keep_their_histories(cast, state):
    survivor = await cast.register("另一处坑槽")
    if state != "registered":
        await getattr(cast, state)()
    merged = await cast.step(ledger.merge, cast.luo, into=survivor.id, reason="同一路口", now=cast.now)
    assert (merged.state, merged.merged_into_id) == (LedgerState.MERGED, survivor.id)
    assert "并入改-2026-0002：同一路口" in await cast.story()
    assert not await CloseOutRequest.filter(state=RequestState.ASKED).exists()


async def test_led_09_items_that_belong_together_are_linked_once_and_each_page_shows_the_other(cast):
    other = await cast.register("排水管破裂")
    await cast.step(ledger.link, cast.chen, to=other.id, reason="同一段路", now=cast.now)
    for one, its_other in ((cast.item, other), (other, cast.item)):
        kin = await ledger.relatives_of(one, seen_by=cast.chen)
        assert [linked.id for linked in kin.linked] == [its_other.id]
    other = await LedgerItem.get(id=other.id)
    for to in (cast.item.id, other.id):
        with pytest.raises(AlreadyLinked):
            await act(
                ledger.link,
                other.id,
                version=other.version,
                to=to,
                reason="再关联",
                by=cast.luo,
                now=cast.now,
            )


@pytest.mark.parametrize(
    ("days_left", "percent", "needs_next_step"),
    [(-1, 90, True), (0, 10, False), (60, 0, False)],
)
async def test_led_06_a_report_on_an_overdue_item_names_the_next_step(
    cast, days_left, percent, needs_next_step
):
    await cast.in_progress(days=None, due_on=cast.today + timedelta(days=90))
    await LedgerItem.filter(id=cast.item.id).update(due_on=cast.today + timedelta(days=days_left))
    report = {"percent": percent, "text": "材料已进场", "now": cast.now}
    if needs_next_step:
        with pytest.raises(NextStepMissing):
            await cast.step(ledger.report_progress, cast.wang, **report)
        report["next_step"] = "下周三前由施工队完工"
    assert (await cast.step(ledger.report_progress, cast.wang, **report)).percent == percent


async def test_led_06_a_report_that_is_behind_its_plan_names_the_next_step(cast):
    await cast.in_progress(days=None, due_on=cast.today + timedelta(days=30))
    started = cast.now - timedelta(days=60)
    await LedgerItem.filter(id=cast.item.id).update(dispatched_at=started)
    with pytest.raises(NextStepMissing):
        await cast.step(ledger.report_progress, cast.wang, percent=10, text="刚开始", now=cast.now)
    await cast.step(ledger.report_progress, cast.wang, percent=90, text="快完工了", now=cast.now)


async def test_led_08_a_close_out_needs_the_evidence_of_its_category(cast):
    await cast.in_progress()
    await LedgerItem.filter(id=cast.item.id).update(category="service")  # a problem that documents prove
    await cast.item.refresh_from_db()
    with pytest.raises(EvidenceMissing) as refused:
        await cast.ask_close_out()  # with a photo of the result
    assert refused.value.extra == {"missing": ["document"]}


async def test_a_closed_item_opens_again_under_its_number_in_the_next_round(cast):
    number = (await cast.closed()).number_text
    item = await cast.step(ledger.re_register, cast.luo, reason="问题回潮")
    assert (item.number_text, item.round, item.state) == (number, 2, LedgerState.REGISTERED)
    await cast.closed()
    assert await CloseOutRequest.all().count() == 2


async def test_who_saw_it_first_is_asked_once_and_an_unsolved_matter_stands_up_again(cast, office):
    await cast.closed()
    seen = office.root.id  # stands for the observation that reported it
    for _ in range(2):
        await ledger.ask_recheck(cast.item, observation_id=seen, now=cast.now)
    assert await Recheck.all().count() == 1

    async def answer(what, text="雨后又塌了"):
        return await ledger.answer_recheck(seen, answer=what, text=text, now=cast.now)

    with pytest.raises(RecheckNeedsWords):
        await answer(RecheckAnswer.UNSOLVED, " ")
    assert (await cast.fresh()).needs_review_since is None
    await answer(RecheckAnswer.UNSOLVED)
    await answer(RecheckAnswer.UNSOLVED)  # the same tap twice
    assert (await cast.fresh()).needs_review_since is not None
    with pytest.raises(RecheckOver):
        await answer(RecheckAnswer.SOLVED)


async def test_a_recheck_is_over_after_ten_working_days(cast, office):
    await cast.closed()
    await ledger.ask_recheck(cast.item, observation_id=office.root.id, now=cast.now)
    cast.office.watch.ahead += timedelta(days=40)
    with pytest.raises(RecheckOver):
        await ledger.answer_recheck(office.root.id, answer=RecheckAnswer.SOLVED, text="", now=cast.now)
