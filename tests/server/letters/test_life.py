"""The life of a letter: drafted, signed by another person, acknowledged, replied to; kept as it was signed."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from models import InboxMessage, JournalEntry, LedgerItem, Letter, LetterReply, Person, Reminder, Substitution
from models.vocabulary import DeliveryState, Recipient, Role
from models.vocabulary import LetterState as S
from server import ledger, letters, reminders
from server.kernel.calendars import calendar
from server.kernel.classified import Classified
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.letters.commands import AtVersion, Wording
from server.letters.refusals import (
    DrafterMayNotSign,
    LadderSkipped,
    NoLetterNow,
    NoReplyAsked,
    ReasonForVoid,
    UnitHasChanged,
    WrongLetterStep,
)
from server.people import NotAllowed
from server.verifying import verify
from tests.access.city import a_row
from tests.acting import act
from tests.conftest import until
from tests.server.letters.conftest import KINDS


async def test_a_letter_goes_from_draft_to_an_accepted_reply(desk):
    letter = await desk.draft()
    assert (letter.state, letter.number, letter.addressee) == (S.DRAFT, None, "市住房城乡建设局")
    assert "{反馈期限}" in letter.body
    letter = await desk.sign(
        await letters.submit(letter.id, AtVersion(version=1), by=desk.chen, now=desk.now, kinds=KINDS)
    )
    today = business_date(desk.now)
    due = (await calendar()).due(today, 5).on
    assert (letter.state, letter.number_text) == (S.DELIVERED, f"改提〔{today.year}〕1号")
    assert (letter.reply_due_on, letter.issued_by_id) == (due, desk.luo.person.id)
    assert f"请于{due.year}年{due.month}月{due.day}日前书面反馈" in letter.body
    letter = await desk.acknowledge(letter)
    assert (letter.state, letter.received_by_id) == (S.ACKNOWLEDGED, desk.wang.person.id)
    letter = await desk.decide(await desk.reply(letter), accepted=True, words="情况属实")
    assert letter.state is S.ACCEPTED
    told = [one.event for one in await JournalEntry.filter(subject_id=desk.item.id).order_by("id")]
    assert [one.removeprefix("ledger_item.letter_") for one in told if "letter" in one] == [
        "issued",
        "acknowledged",
        "replied",
        "accepted",
    ]


async def test_nobody_signs_what_they_drafted_and_only_a_lead_signs(desk):
    mine = await desk.draft(by=desk.luo)
    mine = await letters.submit(
        mine.id, AtVersion(version=mine.version), by=desk.chen, now=desk.now, kinds=KINDS
    )
    with pytest.raises(DrafterMayNotSign):
        await desk.sign(mine)
    other = await desk.office.actor(await desk.office.enrol("小高", Role.OFFICE_STAFF))
    with pytest.raises(NotAllowed):
        await desk.sign(mine, by=other)
    words = Wording(version=mine.version, title="提醒函", body="请抓紧。")
    with pytest.raises(WrongLetterStep):
        await letters.reword(mine.id, words, by=desk.chen, now=desk.now, kinds=KINDS)
    assert (await Letter.get(id=mine.id)).number is None


async def test_who_words_a_letter_anew_is_its_drafter(desk):
    letter = await desk.draft()
    words = Wording(
        version=letter.version, title="关于抓紧办理的函", body="请于{反馈期限}前反馈。", copy_to="市委督查室"
    )
    letter = await letters.reword(letter.id, words, by=desk.luo, now=desk.now, kinds=KINDS)
    letter = await letters.submit(
        letter.id, AtVersion(version=letter.version), by=desk.chen, now=desk.now, kinds=KINDS
    )
    with pytest.raises(DrafterMayNotSign):
        await desk.sign(letter)


async def test_one_item_gets_one_letter_of_a_kind_in_a_round_whoever_sends_it(desk):
    found = await asyncio.gather(*(desk.draft(by=by) for by in [desk.chen, desk.luo] * 4))
    assert len({one.id for one in found}) == 1
    letter = await desk.void(found[0])
    assert (letter.state, letter.number) == (S.VOIDED, None)
    again = await desk.draft()
    assert again.id != letter.id


async def test_fifty_parallel_sign_offs_leave_no_gap(desk):
    made = [await desk.submitted(item=await desk.late_item(title=f"第{n}处坑槽")) for n in range(50)]
    signed = await asyncio.gather(*(desk.sign(one) for one in made))
    assert sorted(one.number for one in signed) == list(range(1, 51))
    year = business_date(desk.now).year
    register = await letters.register_of(desk.luo, year=year, kind="reminder_letter")
    assert ([one.number for one in register.letters], register.missing) == (list(range(1, 51)), [])


async def test_a_sign_off_that_is_refused_takes_no_number(desk):
    letter = await desk.submitted()
    with pytest.raises(StaleItem):
        await letters.sign_off(letter.id, AtVersion(version=1), by=desk.luo, now=desk.now, kinds=KINDS)
    await LedgerItem.filter(id=desk.item.id).update(state="closed")
    with pytest.raises(NoLetterNow):
        await desk.sign(letter)
    await LedgerItem.filter(id=desk.item.id).update(state="dispatched", lead_unit_id=desk.office.root.id)
    with pytest.raises(UnitHasChanged):
        await desk.sign(letter)
    await LedgerItem.filter(id=desk.item.id).update(lead_unit_id=desk.office.bureau.id)
    assert (await desk.sign(letter)).number == 1


async def test_two_who_sign_at_once_sign_one_letter(desk):
    letter = await desk.submitted()
    done = await asyncio.gather(*(desk.sign(letter) for _ in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Letter", "StaleItem", "StaleItem", "StaleItem"]


async def test_a_voided_letter_keeps_its_number_and_the_register_has_no_gap(desk, database_url):
    first = await desk.void(await desk.signed())
    second = await desk.signed()
    assert (first.number, first.state, second.number) == (1, S.VOIDED, 2)
    year = business_date(desk.now).year
    register = await letters.register_of(desk.luo, year=year, kind="reminder_letter")
    assert [(one.number, one.state) for one in register.letters] == [(1, S.VOIDED), (2, S.DELIVERED)]
    assert register.missing == []
    assert (await verify(database_url)).faults == []


@pytest.mark.parametrize(
    "change",
    [
        {"body": "从来不是这样写的"},
        {"addressee": "市水务局"},
        {"number": 9},
        {"issued_by_id": None},
        {"reason": "补"},
    ],
)
async def test_a_signed_letter_is_kept_by_the_database_itself(desk, change):
    letter = await desk.signed()
    with pytest.raises(OperationalError, match="kept as it was signed"):
        await Letter.filter(id=letter.id).update(**change)


async def test_a_letter_that_is_altered_past_the_trigger_shows_in_the_verification(desk, database_url):
    letter = await desk.replied()
    owner, faults = await asyncpg.connect(database_url), [len((await verify(database_url)).faults)]
    for table, change in (("letter", "body = body || '。'"), ("letter_reply", "text = '没有反馈'")):
        try:
            await owner.execute("SET session_replication_role = replica")
            await owner.execute(f"UPDATE {table} SET {change}")
        finally:
            await owner.execute("RESET session_replication_role")
        faults.append(len((await verify(database_url)).faults))
    await owner.close()
    assert faults == [0, 1, 2]
    assert (await Letter.get(id=letter.id)).body.endswith("。")


async def test_neither_receipt_nor_reply_nor_void_is_taken_back(desk):
    letter = await desk.replied()
    with pytest.raises(OperationalError, match="kept"):
        await Letter.filter(id=letter.id).update(received_by_id=desk.luo.person.id)
    with pytest.raises(OperationalError, match="kept"):
        await LetterReply.filter(letter_id=letter.id).update(text="没有反馈")
    letter = await desk.decide(letter, accepted=False, words="请附照片")
    with pytest.raises(OperationalError, match="kept"):
        await LetterReply.filter(letter_id=letter.id).update(is_accepted=True)
    letter = await desk.void(letter)
    with pytest.raises(OperationalError, match="kept"):
        await Letter.filter(id=letter.id).update(state=S.DELIVERED)


async def test_a_supervision_letter_before_a_reminder_letter_asks_for_a_reason(desk):
    with pytest.raises(LadderSkipped):
        await desk.draft("supervision_letter")
    direct = await desk.draft("supervision_letter", reason="群众反映强烈，领导批示")
    assert direct.reason == "群众反映强烈，领导批示"
    await desk.void(direct)
    reminder = await desk.submitted()
    with pytest.raises(LadderSkipped):  # one that is not signed has not been sent
        await desk.draft("supervision_letter")
    await desk.sign(reminder)
    assert (await desk.draft("supervision_letter")).reason == ""


@pytest.mark.parametrize("title", ["绝密★启用前 路口坑槽", "机　密 文件清理", "秘密★3年 台账"])
async def test_classified_matter_gets_no_letter(desk, title):
    item = await desk.late_item(title=title)
    with pytest.raises(Classified):
        await desk.draft(item=item)
    letter = await desk.draft()
    with pytest.raises(Classified):
        await letters.reword(
            letter.id,
            Wording(version=1, title="函", body=f"附：{title}"),
            by=desk.chen,
            now=desk.now,
            kinds=KINDS,
        )
    letter = await desk.acknowledge(await desk.signed())
    with pytest.raises(Classified):
        await desk.reply(letter, f"见{title}")


async def test_a_change_of_the_item_shows_before_the_letter_is_signed(desk):
    letter = await desk.submitted()
    assert await letters.warning_of(letter) == ""
    item = await act(ledger.acknowledge, desk.item.id, version=desk.item.version, by=desk.wang, now=desk.now)
    report = {"next_step": "下周完工", "percent": 60, "text": "已进场"}
    await act(ledger.report_progress, item.id, version=item.version, by=desk.wang, now=desk.now, **report)
    assert "进度60%" in await letters.warning_of(letter)
    draft = await letters.send_back(
        letter.id, with_reason(letter, "请更新进度"), by=desk.luo, now=desk.now, kinds=KINDS
    )
    command = AtVersion(version=draft.version)
    draft = await letters.redraft(draft.id, command, by=desk.chen, now=desk.now, kinds=KINDS)
    assert "目前进度60%" in draft.body
    assert await letters.warning_of(draft) == ""


def with_reason(letter, reason):
    return letters.commands.WithReason(version=letter.version, reason=reason)


async def test_a_reply_is_late_only_after_the_last_day(desk):
    for days, is_late in ((0, False), (1, True)):
        letter = await desk.acknowledge(await desk.signed(item=await desk.late_item(title=f"坑槽{days}")))
        last = letter.reply_due_on - business_date(desk.office.watch.now())
        desk.office.watch.ahead += last + timedelta(days=days)
        await desk.reply(letter)
        assert (await LetterReply.get(letter_id=letter.id)).is_late is is_late


async def test_a_returned_reply_gets_words_and_as_many_days_again(desk):
    letter = await desk.replied()
    with pytest.raises(ReasonForVoid):
        await desk.decide(letter, accepted=False)
    desk.office.watch.ahead += timedelta(days=3)
    letter = await desk.decide(letter, accepted=False, words="请附整改后的照片")
    assert letter.state is S.ACKNOWLEDGED
    assert letter.reply_due_on == (await calendar()).due(business_date(desk.now), 5).on
    letter = await desk.decide(await desk.reply(letter, "已附照片"), accepted=True)
    assert [one.is_accepted for one in await letters.replies_of([letter])] == [False, True]


async def test_a_letter_of_the_shorter_form_asks_for_no_reply(desk):
    command = letters.commands.Draft(kind="urging_letter")
    letter = await letters.issue(desk.item.id, command, by=desk.chen, now=desk.now, kinds=KINDS)
    assert (letter.state, letter.drafted_by_id) == (S.DELIVERED, letter.issued_by_id)
    letter = await desk.acknowledge(letter)
    with pytest.raises(NoReplyAsked):
        await desk.reply(letter)
    with pytest.raises(NoLetterNow):  # a kind that another person signs has no shorter form
        await letters.issue(
            desk.item.id,
            letters.commands.Draft(kind="reminder_letter"),
            by=desk.luo,
            now=desk.now,
            kinds=KINDS,
        )


async def test_a_unit_that_is_not_addressed_does_not_find_the_letter(desk):
    letter, office = await desk.signed(), desk.office
    stranger = await office.actor(await office.enrol("李科长", Role.COMMISSIONER, organisation=office.root))
    contact = await office.actor(
        await office.enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )
    with pytest.raises(NoSuchThing):
        await letters.letter_seen_by(stranger, letter.id)
    with pytest.raises(NoSuchThing):
        await desk.acknowledge(letter, by=stranger)
    assert (await desk.acknowledge(letter, by=contact)).received_by_id == contact.person.id


async def test_a_letter_stays_with_the_unit_it_was_sent_to_when_the_item_moves_on(desk):
    letter, office = await desk.signed(), desk.office
    contact = await office.actor(
        await office.enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )
    xu = await office.actor(await office.enrol("徐科长", Role.COMMISSIONER, organisation=office.root))
    moved = {"lead_unit_id": office.root.id, "commissioner_id": xu.person.id}
    await LedgerItem.filter(id=desk.item.id).update(**moved)
    with pytest.raises(NoSuchThing):
        await letters.letter_seen_by(xu, letter.id)
    assert (await letters.letter_seen_by(contact, letter.id)).id == letter.id


async def test_the_unit_sees_nothing_of_a_letter_before_it_is_signed(desk):
    letter = await desk.submitted()
    with pytest.raises(NoSuchThing):
        await letters.letter_seen_by(desk.wang, letter.id)
    await desk.sign(letter)
    assert (await letters.letter_seen_by(desk.wang, letter.id)).number == 1


async def test_signer_addressee_and_office_are_told(desk):
    letter = await desk.signed()

    async def told(person):
        return await until(lambda: InboxMessage.filter(person_id=person.id, subject_id=letter.id).first())

    assert (await told(desk.luo.person)).title == "提醒函待签发"
    assert (await told(desk.wang.person)).title == "函件待签收"
    await desk.reply(await desk.acknowledge(await Letter.get(id=letter.id)))
    assert (await Reminder.get(person=desk.wang.person)).state is DeliveryState.ACKNOWLEDGED
    assert (await told(desk.chen.person)).title == "提醒函收到反馈"
    assert await InboxMessage.filter(subject_id=letter.id).count() == 2, "what is done waits in no inbox"


async def test_everybody_reads_who_has_a_letter_now_until_it_is_settled(desk):
    async def holder(letter):
        shown = await letters.letter_seen_by(desk.chen, letter.id)
        return await letters.holder_of(shown, kinds=KINDS, today=business_date(desk.now))

    letter = await desk.draft()
    assert await holder(letter) == "小陈甲，起草"
    at_version = AtVersion(version=letter.version)
    letter = await letters.submit(letter.id, at_version, by=desk.chen, now=desk.now, kinds=KINDS)
    assert await holder(letter) == "罗主任，待签发"
    letter = await desk.sign(letter)
    assert await holder(letter) == "王科长，待签收"
    letter = await desk.acknowledge(letter)
    assert await holder(letter) == "王科长，待反馈"
    letter = await desk.reply(letter)
    assert await holder(letter) == "市委改革办，待审核反馈"
    letter = await desk.decide(letter, accepted=True)
    assert await holder(letter) == ""


async def test_a_substitute_signs_for_a_letter_and_the_units_leader_reads_what_he_is_told_of(desk):
    li = await desk.office.enrol("李科长", Role.COMMISSIONER, organisation=desk.office.bureau)
    head = await desk.office.enrol("马局长", Role.LEADING_OFFICIAL, organisation=desk.office.bureau)
    letter, today = await desk.signed(), business_date(desk.now)
    with pytest.raises(NoSuchThing):
        await letters.letter_seen_by(await desk.office.actor(li), letter.id)
    await Substitution.create(person=desk.wang.person, substitute=li, since_on=today)
    (matter,) = await reminders_kind("letter_unsigned").still_due([letter.id], today)
    assert matter.people[Recipient.LEADING_OFFICIAL] == (head.id,)
    await a_row(Reminder, subject_kind="letter", subject_id=letter.id, person=head)
    assert (await letters.letter_seen_by(await desk.office.actor(head), letter.id)).id == letter.id
    letter = await desk.acknowledge(letter, by=await desk.office.actor(li))
    assert letter.received_by_id == li.id


async def test_a_letter_that_nobody_answers_is_told_to_the_office(desk):
    letter = await desk.signed()
    await LedgerItem.filter(id=desk.item.id).update(commissioner_id=None)
    await Person.filter(id=desk.wang.person.id).update(is_active=False)
    await letters.remind_of_arrival(letter.id, city_pack="yinchuan", now=desk.now)
    (told,) = await Reminder.filter(subject_id=letter.id)
    assert (told.person_id, told.recipient) == (desk.luo.person.id, Recipient.OFFICE)
    await letters.remind_of_arrival(letter.id, city_pack="yinchuan", now=desk.now)
    assert await Reminder.filter(subject_id=letter.id).count() == 1


async def test_a_letter_is_reminded_of_until_it_is_acknowledged_and_answered(desk):
    letter, today = await desk.signed(), business_date(desk.now)
    unsigned, due = (reminders_kind(code) for code in ("letter_unsigned", "letter_reply"))
    (matter,) = await unsigned.due_on([letter.issued_on], today)
    assert (matter.subject_id, matter.number) == (letter.id, letter.number_text)
    assert matter.people[Recipient.COMMISSIONER] == (desk.wang.person.id,)
    assert await unsigned.earliest() == letter.issued_on
    assert await due.still_due([letter.id], today) == []
    letter = await desk.acknowledge(letter)
    assert await unsigned.still_due([letter.id], today) == []
    (matter,) = await due.due_on([letter.reply_due_on], today)
    assert matter.due_on == letter.reply_due_on
    await desk.reply(letter)
    assert await due.still_due([letter.id], today) == []


async def test_acknowledging_ends_the_reminders_of_a_letter_and_a_hand_over_moves_them(desk):
    letter = await desk.signed()
    facts = {
        "subject_kind": "letter",
        "subject_id": letter.id,
        "kind": "letter_unsigned",
        "offset": 1,
        "round": 1,
    }
    facts |= {"due_on": letter.issued_on, "person": desk.wang.person}
    reminder = await a_row(Reminder, **facts)
    xu = await desk.office.enrol("徐科长", Role.COMMISSIONER, organisation=desk.office.bureau)
    await LedgerItem.filter(id=desk.item.id).update(commissioner_id=xu.id)
    await letters.pass_on_letters(to=xu.id, away_from=desk.wang.person.id)
    assert (await Reminder.get(id=reminder.id)).person_id == xu.id
    await desk.acknowledge(letter, by=await desk.office.actor(xu))
    assert (await Reminder.get(id=reminder.id)).ended_because == "已签收"


def reminders_kind(code):
    return next(kind for kind in reminders.kinds() if kind.code == code)
