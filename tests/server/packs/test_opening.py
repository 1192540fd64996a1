"""City packs: complete, or refused with every gap named."""

import re
import shutil
from datetime import time
from pathlib import Path
from uuid import UUID, uuid5

import pytest

import server
from models.vocabulary import OrganisationKind, ReasonUse, Role
from server import tasks
from server.gateways.workbooks import read_workbook
from server.packs import Pack, PackBroken, QuietHours, Ways, entries, open_pack, ways_of
from server.packs.opening import FOLDER
from server.tasks.directory import Directory, Official, Unit
from server.tasks.matching import match_lines
from server.tasks.reading_rows import read_sheets

SERVER = Path(server.__file__).parent
PACKS = sorted(path.name for path in FOLDER.iterdir() if (path / "pack.toml").exists())


def key(name):
    return uuid5(UUID(int=0), name)


@pytest.fixture(params=PACKS)
def pack(request):
    return open_pack(request.param)


@pytest.fixture
def copied(tmp_path):
    """Opens a copy of the first pack in which words were replaced."""

    def open_changed(file, old, new):
        folder = tmp_path / PACKS[0]
        shutil.copytree(FOLDER / PACKS[0], folder)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return open_pack(PACKS[0], folder=tmp_path)

    return open_changed


def test_every_organisation_comes_after_its_parent(pack):
    seen = set()
    for one in pack.organisations_in_order():
        assert one.parent is None or one.parent in seen
        seen.add(one.code)

    assert len(seen) == len(pack.organisations)
    assert len([one.code for one in pack.organisations if one.parent is None]) == 1


def test_a_city_has_all_kinds_of_units_and_people(pack):
    kinds = [one.kind for one in pack.organisations]
    roles = {duty.role for person in pack.people for duty in person.duties}

    assert set(kinds) == set(OrganisationKind)
    assert kinds.count(OrganisationKind.COUNTY_UNIT) == kinds.count(OrganisationKind.COUNTY_REFORM_OFFICE)
    assert roles == set(Role)


def test_only_offices_that_register_have_a_number_series_of_their_own(pack):
    series = {one.code: one.series for one in pack.organisations if one.series}
    offices = {OrganisationKind.REFORM_OFFICE, OrganisationKind.COUNTY_REFORM_OFFICE}

    assert set(series) == {one.code for one in pack.organisations if one.kind in offices}
    assert len(set(series.values())) == len(series)


def test_the_reasons_are_enough_and_say_what_helps(pack):
    for use, fewest in ((ReasonUse.DECLINE, 8), (ReasonUse.ASK_MORE, 5)):
        texts = [reason.text for reason in pack.reasons if reason.use is use]
        assert len(texts) >= fewest
        assert all("请" in text and text.endswith("。") for text in texts)


def test_the_ways_are_those_of_the_city_and_the_usual_ones_where_it_has_no_pack(pack):
    ways = ways_of("yinchuan")
    assert all(getattr(ways, name) == getattr(pack, name) for name in Ways.__struct_fields__)
    assert (pack.promises.review_days, pack.quiet_hours) == (
        1,
        QuietHours(starts=time(22, 0), ends=time(7, 30)),
    )
    assert ways_of("nowhere") == Ways()


def test_no_setting_of_a_pack_is_read_and_then_ignored():
    """Every field of every table is used by some code or page outside the packs' package."""
    code = [path for path in SERVER.rglob("*.py") if path.name != "entries.py"]
    pages = (SERVER / "web" / "console" / "templates").rglob("*.html")
    words = {word for path in [*code, *pages] for word in re.findall(r"\w+", path.read_text("utf-8"))}
    tables = [
        one for one in vars(entries).values() if isinstance(one, type) and issubclass(one, entries.Entry)
    ]
    fields = {f"{table.__name__}.{name}" for table in [*tables, Pack] for name in table.__struct_fields__}
    assert len(fields) > 30
    assert {one for one in fields if one.partition(".")[2] not in words} == set()


def test_the_city_s_own_task_list_is_read_without_a_problem(pack):
    """The demo world imports it through the office's own command; every name in it must be a known person."""
    directory = Directory(
        units=[
            Unit(id=key(one.code), name=one.name, short_name=one.short_name, kind=one.kind)
            for one in pack.organisations_in_order()
        ],
        officials=[
            Official(
                id=key(person.key),
                designation=person.designation,
                unit_id=person.organisation and key(person.organisation),
                roles=frozenset(duty.role for duty in person.duties),
            )
            for person in pack.people
        ],
    )
    sheet = tasks.write_list(pack.task_rows(), year=pack.year)

    reading = read_sheets(read_workbook(sheet), year=pack.year)
    found, problems = match_lines(reading.lines, directory=directory)

    assert [*reading.problems, *problems, *reading.gaps] == []
    assert sorted({task.measure for task in found}) == list(range(1, 21))
    assert len(found) == 20
    assert {task.due_on.year for task in found} == {pack.year, pack.year + 1}


def test_console_users_are_of_the_office(pack):
    roles = {Role.OFFICE_STAFF, Role.OFFICE_LEAD, Role.AUDITOR, Role.ADMINISTRATOR}

    for person in pack.people:
        assert bool(person.username) == bool(roles & {duty.role for duty in person.duties})


@pytest.mark.parametrize("name", ["nowhere", "../packs/yinchuan", "", "."])
def test_a_pack_that_is_not_there_is_refused(name):
    with pytest.raises(PackBroken, match="no pack named"):
        open_pack(name)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("pack.toml", "review_days = 1", "review_days = -1", "review_days"),
        ("pack.toml", "review_days = 1", "review_day = 1", "review_day"),
        ("pack.toml", 'use = "decline"', 'use = "refuse"', "use"),
        ("pack.toml", "starts = 22:00:00", "begins = 22:00:00", "begins"),
        ("people.toml", 'organisation = "reform-office"', 'organisation = "lost"', "no organisation 'lost'"),
        ("people.toml", 'key = "chen"', 'key = "luo"', "person key 'luo' stands twice"),
        ("organisations.toml", 'series = "', 'parent = "jinfeng"\nseries = "', "in a circle"),
        ("tasks_2026.toml", "year = 2026", "year = 2026\n[promises]", "stands in another file too"),
    ],
)
def test_a_broken_pack_is_refused_with_what_is_wrong(copied, file, old, new, says):
    with pytest.raises(PackBroken) as broken:
        copied(file, old, new)

    assert says in str(broken.value)
