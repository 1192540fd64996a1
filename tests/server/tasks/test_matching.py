"""From the names in a sheet to the units and people of the city."""

from datetime import date
from uuid import UUID, uuid5

import pytest

from models.vocabulary import OrganisationKind, Role
from server.tasks.directory import Directory, NotFound, Official, Unit, split_names
from server.tasks.matching import match_lines
from server.tasks.task_rows import TaskRow

SPACE = UUID(int=0)
K = OrganisationKind


def key(name):
    return uuid5(SPACE, name)


def unit(name, short_name, kind=K.RESPONSIBLE_UNIT):
    return Unit(id=key(short_name), name=name, short_name=short_name, kind=kind)


def official(name, unit_name, *roles):
    return Official(
        id=key(name + unit_name), designation=name, unit_id=key(unit_name), roles=frozenset(roles)
    )


@pytest.fixture
def city():
    return Directory(
        units=[
            unit("中共城市委改革办公室", "市委改革办", K.REFORM_OFFICE),
            unit("东山区人民政府", "东山区", K.COUNTY_UNIT),
            unit("西河县人民政府", "西河县", K.COUNTY_UNIT),
            unit("市发展和改革委员会", "市发改委"),
            unit("市财政局", "市财政局"),
            unit("市住房和城乡建设局", "市住建局"),
        ],
        officials=[
            official("祁望川", "市委改革办", Role.LEADING_OFFICIAL),
            official("闻景行", "市委改革办", Role.LEADING_OFFICIAL),
            official("王科长", "市财政局", Role.COMMISSIONER),
            official("王科长", "市住建局", Role.COMMISSIONER),
            official("周 明", "市发改委", Role.COMMISSIONER),
            official("阿依·买买提", "市发改委", Role.COMMISSIONER),
            official("小陈", "市委改革办", Role.OFFICE_STAFF),
            official("田有方", "东山区"),
        ],
    )


def a_line(**changes):
    return TaskRow(
        **{
            "row": 7,
            "texts": {},
            "code": "2026-01",
            "measure": 9,
            "name": "台账",
            "content": "",
            "is_major": True,
            "lead_units": "市住建局",
            "supporting_units": "",
            "leading_officials": "祁望川",
            "commissioners": "周明",
            "due_on": date(2026, 12, 31),
        }
        | changes
    )


def problems_of(city, **changes):
    tasks, problems = match_lines([a_line(**changes)], directory=city)
    assert tasks == []
    return [(problem.row, problem.column, problem.what, problem.advice) for problem in problems]


def task_of(city, **changes):
    tasks, problems = match_lines([a_line(**changes)], directory=city)
    assert problems == []
    return tasks[0]


@pytest.mark.parametrize(
    "text",
    ["甲、乙", "甲,乙", "甲;乙", "甲/乙", "甲\n乙", "甲\uff0c乙", "甲\uff1b乙", "甲\uff0f乙", " 甲 、、乙 "],
)
def test_names_are_parted_by_every_usual_mark(text):
    assert split_names(text) == ["甲", "乙"]


@pytest.mark.parametrize(
    "text",
    ["市住建局", "市住房和城乡建设局", "市 住 建 局", "市住建局 ", "市住房和城乡建设局\n", "市\u3000住建局"],
)
def test_a_unit_is_found_by_full_and_short_name(city, text):
    assert task_of(city, lead_units=text).lead_unit_id == key("市住建局")


def test_two_lead_units_are_refused_by_name(city):
    assert problems_of(city, lead_units="市住建局、市发改委") == [
        (
            7,
            "牵头单位",
            "牵头单位写了 2 个：市住建局、市发改委。",
            "一项任务只能有一个牵头单位，请把其余的移到“配合单位”。",
        )
    ]


def test_two_lead_units_parted_by_a_space_are_refused_too(city):
    assert problems_of(city, lead_units="市住建局 市发改委")[0][2].startswith("牵头单位写了 2 个")


def test_two_leading_officials_are_refused_by_name(city):
    assert problems_of(city, leading_officials="祁望川\n闻景行") == [
        (7, "牵头领导", "牵头领导写了 2 个：祁望川、闻景行。", "一项任务只能有一位牵头领导，请只保留一位。")
    ]


def test_a_supporting_unit_that_leads_is_refused(city):
    assert problems_of(city, supporting_units="市财政局、市住房和城乡建设局") == [
        (7, "配合单位", "“市住房和城乡建设局”已是牵头单位。", "请从配合单位里删去，一个单位只填一处。")
    ]


def test_supporting_units_come_once_and_in_the_office_s_order(city):
    task = task_of(city, supporting_units="市财政局；市发改委 市委改革办/市财政局")

    assert task.supporting_unit_ids == (key("市委改革办"), key("市发改委"), key("市财政局"))


@pytest.mark.parametrize("words", ["各县(市)区", "各县\uff08市\uff09区", "各县市区"])
def test_all_county_level_units_are_meant_by_their_common_name(city, words):
    assert task_of(city, supporting_units=words).supporting_unit_ids == (key("东山区"), key("西河县"))


def test_a_county_that_leads_is_not_its_own_supporter(city):
    task = task_of(city, lead_units="东山区", supporting_units="各县(市)区")

    assert task.supporting_unit_ids == (key("西河县"),)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("市发展改革委", "市发展和改革委员会"),
        ("某某市发展和改革委员会", "市发展和改革委员会"),
        ("市建设局", "市住房和城乡建设局"),
        ("市财正局", "市财政局"),
    ],
)
def test_an_unknown_unit_is_told_with_what_may_be_meant(city, typed, meant):
    what, advice = problems_of(city, lead_units=typed)[0][2:]

    assert what == f"系统里没有名为“{typed}”的单位。"
    assert advice.startswith(f"是不是“{meant}”")


def test_an_unknown_unit_like_no_other_is_to_be_added(city):
    assert problems_of(city, lead_units="气象台")[0][3] == "请先添加这个单位，或核对名称。"


def test_homonyms_must_be_told_apart(city):
    assert problems_of(city, commissioners="王科长") == [
        (7, "改革专员", "“王科长”有 2 位：市财政局、市住建局。", "请写明单位，如“王科长（市财政局）”。")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "王科长(市住建局)",
        "王科长\uff08市住建局\uff09",
        "王科长(市住房和城乡建设局)",
        "市住建局·王科长",
        "市住建局・王科长",
    ],
)
def test_homonyms_are_told_apart_by_their_unit(city, text):
    assert task_of(city, commissioners=text).commissioner_ids == (key("王科长市住建局"),)


def test_a_name_is_read_back_as_it_is_written_out(city):
    for person in (key("王科长市住建局"), key("周 明市发改委"), key("阿依·买买提市发改委")):
        assert city.official(city.official_name(person), role=Role.COMMISSIONER) == person


@pytest.mark.parametrize("text", ["周明", "周 明", "周\u3000明"])
def test_a_name_may_be_padded_with_spaces(city, text):
    assert task_of(city, commissioners=text).commissioner_ids == (key("周 明市发改委"),)


def test_a_name_may_hold_a_dot(city):
    assert task_of(city, commissioners="阿依·买买提").commissioner_ids == (key("阿依·买买提市发改委"),)


@pytest.mark.parametrize(
    ("name", "what", "advice"),
    [
        ("小陈", "“小陈”现在不是改革专员。", "请改填改革专员，或请管理员先给他改革专员的职责。"),
        ("田有方", "“田有方”已不在任。", "请改填现任的改革专员。"),
        ("周朋", "系统里没有名为“周朋”的改革专员。", "是不是“周 明”？请改成系统里的名称。"),
        ("王科长(气象台)", "系统里没有名为“气象台”的单位。", "请先添加这个单位，或核对名称。"),
        (
            "王科长(市发改委)",
            "系统里没有名为“王科长(市发改委)”的改革专员。",
            "是不是“王科长”？请改成系统里的名称。",
        ),
    ],
)
def test_somebody_who_cannot_answer_for_a_task_is_told(city, name, what, advice):
    assert problems_of(city, commissioners=name) == [(7, "改革专员", what, advice)]


def test_one_wrong_name_among_good_ones_spoils_the_row(city):
    assert len(problems_of(city, commissioners="周明、无此人、也没有")) == 2


def test_a_row_that_was_not_understood_gives_no_task_and_no_second_problem(city):
    assert match_lines([a_line(due_on=None)], directory=city) == ([], [])


def test_two_units_of_one_short_name_must_be_written_in_full():
    city = Directory(units=[unit("甲改革办公室", "改革办"), unit("乙改革办公室", "改革办 ")], officials=[])

    with pytest.raises(NotFound, match="对应 2 个单位：甲改革办公室、乙改革办公室"):
        city.unit("改革办")
