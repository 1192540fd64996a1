"""Organisations and people: who is there, who may do what, and how people get access."""

import re
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest

from models import Duty, JournalEntry, Person
from models.vocabulary import OrganisationKind, Role, Scope
from server import people
from server.people import GRANTS, Permission
from tests.conftest import who_did


@pytest.fixture
async def luo(office):
    return await office.desk_of("罗主任", Role.OFFICE_LEAD)


def names(page):
    return re.findall(r'<td class="nowrap"><a href="/console/people/[0-9a-f-]{36}">([^<]+)</a>', page)


async def test_the_roster_names_officials_and_no_citizen(office, luo):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    citizen = await office.phone_of("过路人", Role.CITIZEN)

    page = (await luo.get("/people")).text

    assert names(page) == ["王科长", "罗主任"]
    assert '共 <b id="total">2</b> 人' in page
    assert (await luo.get(f"/people/{citizen.person.id}")).status_code == 404


async def test_the_roster_is_found_by_name_role_and_unit(office, luo):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)

    assert names((await luo.get("/people?q=王科")).text) == ["王科长"]
    assert names((await luo.get("/people?q=住房")).text) == ["王科长"]
    assert names((await luo.get("/people?role=office_lead")).text) == ["罗主任"]
    assert names((await luo.get(f"/people?organisation_id={office.bureau.id}")).text) == ["王科长"]
    assert names((await luo.get("/people?q=没有这个人")).text) == []


async def test_the_pages_of_the_roster_are_the_whole_roster(office, luo):
    for number in range(5):
        await office.enrol(f"队员{number}", Role.TEAM_MEMBER)

    seen, address = [], "/people?limit=2"
    while address:
        page = (await luo.get(address)).text
        seen += names(page)
        following = re.search(r'rel="next" href="/console(/people[^"]+)"', page)
        address = following and following[1].replace("&amp;", "&") + "&limit=2"

    assert seen == ["罗主任", *(f"队员{number}" for number in range(5))]


async def test_the_tree_shows_children_below_their_parent(office, luo):
    county = await people.add_organisation(
        "兴庆区委改革办", code="xq", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    await people.add_organisation(
        "兴庆区人民政府", code="xqz", kind=OrganisationKind.COUNTY_UNIT, by=None, parent=county
    )

    page = (await luo.get("/people/organisations")).text

    assert re.findall(r'class="depth depth-(\d)"><a [^>]+>([^<]+)<', page) == [
        ("0", "市委改革办"),
        ("1", "市住房城乡建设局"),
        ("1", "兴庆区委改革办"),
        ("2", "兴庆区人民政府"),
    ]


async def test_the_page_of_duties_is_the_table_that_is_asked(office, luo):
    page = (await luo.get("/people/duties")).text

    rows = dict(re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page))
    assert list(rows) == [permission.label for permission in Permission]
    for permission in Permission:
        cells = re.findall(r'<span class="may">([^<]+)</span>|<span class="may-not"', rows[permission.label])
        assert cells == [
            GRANTS[permission][role].label if role in GRANTS[permission] else "" for role in Role
        ]


async def test_somebody_new_is_put_on_the_roster_with_a_duty(office, luo):
    form = {
        "designation": "周联络员",
        "real_name": "周某某",
        "role": "department_contact",
        "organisation_id": str(office.bureau.id),
        "title": "办公室副主任",
    }
    answer = await luo.post("/people", form)

    person = await Person.get(designation="周联络员")
    assert answer.headers["location"] == f"/console/people/{person.id}"
    duty = await Duty.get(person_id=person.id)
    assert (duty.role, duty.organisation_id, duty.title) == (
        Role.DEPARTMENT_CONTACT,
        office.bureau.id,
        "办公室副主任",
    )
    page = (await luo.get(f"/people/{person.id}")).text
    assert "周某某" not in page
    assert "办公室副主任" in page
    entry = await JournalEntry.filter(event="person.enrolled").order_by("-id").first()
    assert (entry.subject_id, await who_did(entry)) == (person.id, luo.person.id)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"role": "department_contact", "organisation_id": ""}, "这项职责要落到一个单位。"),
        ({"role": "citizen"}, "群众不用列入名册。"),
        ({"role": "emperor"}, "角色：不在可选范围内"),
        ({"designation": ""}, "称呼：缺少这一项"),
        ({"organisation_id": str(uuid4())}, "没有找到您要的内容。"),
    ],
)
async def test_a_duty_that_makes_no_sense_is_refused(office, luo, typed, said):
    form = {"designation": "某某", "role": "team_member", "organisation_id": str(office.root.id)} | typed

    answer = await luo.post("/people", form, part=True)

    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert not await Person.exists(designation="某某")


async def test_one_duty_more_holds_from_today(office, luo):
    person = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)

    answer = await luo.post(f"/people/{person.id}/duties", {"role": "auditor", "scope": "all"}, part=True)

    assert answer.headers["hx-redirect"] == f"/console/people/{person.id}"
    duty = await Duty.get(person_id=person.id, role=Role.AUDITOR)
    assert (duty.scope, duty.organisation_id) == (Scope.ALL, None)


async def test_an_invitation_s_code_is_shown_once_and_lets_its_person_in(office, luo):
    person = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)

    answer = await luo.post(f"/people/{person.id}/invitation", {}, part=True)
    code = re.search(r'class="once-code">([A-Z0-9]{12})<', answer.text)[1]
    assert "<svg" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert code not in (await luo.get(f"/people/{person.id}")).text

    phone = office.phone()
    await phone.sign_in("demo-newcomer")
    joined = await phone.post("/invitations/acceptance", json={"code": code})
    assert (joined.status_code, joined.json()["person"]["designation"]) == (201, "王科长")


async def test_a_console_login_is_shown_once_and_works(office, luo):
    person = await office.enrol("审计员", Role.AUDITOR)

    answer = await luo.post(f"/people/{person.id}/login", {"username": "auditor"}, part=True)
    password, secret = re.findall(r'class="once-secret">([^<]+)<', answer.text)

    stranger = office.client()
    office.watch.ahead = timedelta(minutes=1)
    form = {"username": "auditor", "password": password, "code": pyotp.TOTP(secret).at(office.watch.now())}
    signed_in = await stranger.post("/console/sign-in", data=form, headers={"origin": office.base_url})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/console")
    page = (await luo.get(f"/people/{person.id}")).text
    assert secret not in page
    assert password not in page


async def test_a_user_name_is_given_once_and_a_person_has_one_login(office, luo):
    first, second = await office.enrol("甲", Role.AUDITOR), await office.enrol("乙", Role.AUDITOR)
    await luo.post(f"/people/{first.id}/login", {"username": "jia"}, part=True)

    taken = await luo.post(f"/people/{second.id}/login", {"username": "jia"}, part=True)
    assert (taken.status_code, "这个用户名已经有人使用。" in taken.text) == (409, True)
    again = await luo.post(f"/people/{first.id}/login", {"username": "other"}, part=True)
    assert (again.status_code, "这位同志已经有办公台账号。" in again.text) == (409, True)
    odd = await luo.post(f"/people/{second.id}/login", {"username": "No Spaces"}, part=True)
    assert (odd.status_code, "用户名：格式不对" in odd.text) == (422, True)


async def test_somebody_is_signed_out_everywhere_at_once_and_the_journal_knows(office, luo):
    gao = await office.desk_of("小高")
    assert (await gao.get("/")).status_code == 200

    await luo.post(f"/people/{gao.person.id}/sessions/end", {})

    assert (await gao.get("/")).status_code == 303
    entry = await JournalEntry.filter(event="person.sessions_ended").first()
    assert (entry.subject_id, entry.detail) == (gao.person.id, {"sessions": 1})


@pytest.mark.parametrize(
    "path", ["", "/{id}/duties", "/{id}/invitation", "/{id}/login", "/{id}/sessions/end"]
)
async def test_whoever_may_only_look_changes_nobody(office, path):
    chen = await office.desk_of("小陈")
    before = await JournalEntry.all().count()

    answer = await chen.post(f"/people{path.format(id=chen.person.id)}", {"role": "administrator"})

    assert answer.status_code == 403
    assert await JournalEntry.all().count() == before
    assert "/console/people/new" not in (await chen.get("/people")).text
