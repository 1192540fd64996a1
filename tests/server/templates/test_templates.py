"""Official wordings: data with a history, safe to fill; sent messages keep their words."""

import asyncio

import pytest
from tortoise.exceptions import OperationalError

from models import InboxMessage, JournalEntry, Template, TemplateVersion
from models.vocabulary import Role
from models.vocabulary import TemplatePurpose as P
from server import templates
from server.kernel.refusal import NoSuchThing
from server.notifications.inbox.wording import TO_COMMISSIONER, TO_REPORTER
from server.packs import ways_of
from server.people import NotAllowed
from server.templates import STANDARD, NewWording
from server.templates.refusals import BlankMissing, BlankNotKnown, BraceAlone, StaleTemplate, WordingTooLong
from tests.conftest import until
from tests.factories import dispatched_item

BODY = "请于{期限}前办结{编号}“{事项}”。"


@pytest.fixture
async def luo(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


async def reworded(office, by, *, body=BODY, version=1, purpose=P.DISPATCH, title="请签收交办事项"):
    new = NewWording(title, body, "按办公室新的公文格式")
    return await templates.change_template(purpose, version=version, new=new, by=by, now=office.watch.now())


@pytest.mark.parametrize("purpose", list(P))
def test_every_standard_text_is_as_good_as_one_that_the_office_writes(purpose):
    standard = STANDARD[purpose]
    title, body = templates.preview(purpose, title=standard.title, body=standard.body)
    assert len(title) <= 40
    assert "{" not in title + body
    assert len({blank.name for blank in standard.blanks}) == len(standard.blanks)


def test_every_template_is_used():
    letters = [kind.template for kind in ways_of("yinchuan").letter_kinds if kind.template]
    assert {*TO_REPORTER.values(), *TO_COMMISSIONER.values(), *letters} == set(P)


async def test_a_message_is_told_in_the_words_of_its_day_and_an_earlier_one_keeps_its_own(office, luo):
    phone = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)

    async def dispatched(title):
        item = await dispatched_item(office, by=luo, commissioner=phone, days=5, title=title)
        return item, await until(lambda: InboxMessage.get_or_none(subject_id=item.id))

    first, before = await dispatched("路口坑槽")
    await reworded(office, luo)
    second, after = await dispatched("{编号}与{不存在}")
    assert (before.title, before.body) == (
        "请签收分办事项",
        f"{first.number_text}“路口坑槽”，期限{first.due_words}。",
    )
    assert (after.title, after.body) == (
        "请签收交办事项",
        f"请于{second.due_words}前办结{second.number_text}“{{编号}}与{{不存在}}”。",
    )
    assert (await InboxMessage.get(id=before.id)).body == before.body


async def test_the_standard_text_stands_in_the_history_before_the_first_change(office, luo):
    assert [one.version for one in await templates.history_of(P.DISPATCH)] == [1]
    await reworded(office, luo)
    now, before = await templates.history_of(P.DISPATCH)
    assert (now.version, now.body, now.why, now.by_id) == (2, BODY, "按办公室新的公文格式", luo.person.id)
    assert (before.version, before.body, before.by_id) == (1, STANDARD[P.DISPATCH].body, None)
    assert (await JournalEntry.get(event="template.changed")).detail["why"] == "按办公室新的公文格式"


async def test_an_earlier_wording_comes_back_as_a_new_one(office, luo):
    await reworded(office, luo)
    restored = await templates.restore_template(
        P.DISPATCH, version=2, earlier=1, by=luo, now=office.watch.now()
    )
    assert (restored.version, restored.body) == (3, STANDARD[P.DISPATCH].body)
    newest, *_ = await templates.history_of(P.DISPATCH)
    assert newest.why == "恢复第1版"
    with pytest.raises(NoSuchThing):
        await templates.restore_template(P.DISPATCH, version=3, earlier=9, by=luo, now=office.watch.now())


async def test_the_same_words_are_no_new_version(office, luo):
    await reworded(office, luo)
    assert (await reworded(office, luo, version=2)).version == 2


@pytest.mark.parametrize(
    ("body", "refusal", "names"),
    [
        ("{编号}，期限{期限}，{上报人}反映。", BlankNotKnown, "上报人"),
        ("{编号.__class__}，{编号}，{期限}。", BlankNotKnown, "__class__"),
        ("请尽快办理{编号}。", BlankMissing, "{期限}"),
        ("{编号}，期限{期限}。{", BraceAlone, "花括号"),
        ("{编号}，期限{期限}。" + "办" * 200, WordingTooLong, "最多200个字"),
    ],
)
async def test_a_text_that_can_not_be_filled_is_refused_and_says_why(office, luo, body, refusal, names):
    with pytest.raises(refusal) as told:
        await reworded(office, luo, body=body)
    assert names in told.value.message
    assert not await Template.exists()


def test_braces_of_a_chinese_keyboard_are_braces():
    said = templates.preview(P.DISPATCH, title="交办", body="｛编号｝，期限｛ 期限 ｝。")[1]
    assert said.startswith("改-2026-0007，期限10个工作日")


async def test_of_ten_changes_at_once_one_counts_even_the_very_first(office, luo):
    bodies = [f"{BODY}（第{number}种写法）" for number in range(10)]
    done = await asyncio.gather(*(reworded(office, luo, body=one) for one in bodies), return_exceptions=True)
    assert sum(isinstance(one, StaleTemplate) for one in done) == 9
    assert await TemplateVersion.all().count() == 2


async def test_the_database_itself_keeps_what_was_said(office, luo):
    await reworded(office, luo)
    with pytest.raises(OperationalError, match="kept"):
        await TemplateVersion.filter(version=1).update(body="从来不是这样写的")


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.AUDITOR, Role.DEPARTMENT_CONTACT])
async def test_only_the_lead_and_the_administrator_change_templates(office, role):
    somebody = await office.actor(await office.enrol("某人", role))
    with pytest.raises(NotAllowed):
        await reworded(office, somebody)


async def test_the_page_previews_changes_restores_and_shows_the_history(office):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    here, form = (
        "/templates/dispatch",
        {"version": 1, "title": "交办<b>通知</b>", "body": BODY, "why": "新格式"},
    )
    seen = await luo.post(f"{here}/preview", form, part=True)
    assert "请于10个工作日，2026年12月7日（周一）到期前办结改-2026-0007" in seen.text
    assert "交办&lt;b&gt;通知" in seen.text
    wrong = await luo.post(f"{here}/preview", form | {"body": "{编号"}, part=True)
    assert (wrong.status_code, "不成对的花括号" in wrong.text) == (200, True)
    assert not await Template.exists()
    assert (await luo.post(f"{here}/wording", form)).status_code == 303
    late = await luo.post(f"{here}/wording", form | {"body": BODY + "。"}, part=True)
    assert (late.status_code, "刚刚被别人改过" in late.text) == (409, True)
    assert (await luo.post(f"{here}/restoration", {"version": 2, "earlier": 1})).status_code == 303
    page = (await luo.get(here)).text
    for words in ("历次内容（3）", "恢复第1版", "新格式", "罗主任", "系统初始内容", "{承办单位}", "必须写"):
        assert words in page
    assert (await luo.get("/templates/nowhere")).status_code == 404


async def test_staff_read_templates_and_are_offered_no_form(office):
    staff = await office.desk_of("小陈")
    page = (await staff.get("/templates/urging")).text
    assert "改革办催办" in page
    assert 'action="/console/templates/urging/wording"' not in page
    assert (await staff.post("/templates/urging/wording", {})).status_code == 403
    assert "移交通知" in (await staff.get("/templates")).text
