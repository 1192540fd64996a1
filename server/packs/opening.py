"""Opens a city pack: reads the TOML files of one folder into types and checks them together."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from server.packs.city_rules import Category, FourEyes, Promises, QuietHours, ReportLimits
from server.packs.entries import (
    CadenceEntry,
    LetterIssuer,
    LetterKind,
    Names,
    OrganisationEntry,
    PersonEntry,
    ReasonEntry,
    ReminderEntry,
    TaskEntry,
)
from server.packs.entry import Entry

FOLDER = Path(__file__).parent


class PackBroken(Exception):
    """The pack can't be used; each line names a fault."""


class Pack(Entry, frozen=True):
    """One city's data: names, times, organisations with their number series, demo people, reasons, demo tasks."""

    names: Names
    promises: Promises
    quiet_hours: QuietHours
    organisations: list[OrganisationEntry]
    people: list[PersonEntry]
    reasons: list[ReasonEntry]
    reminders: tuple[ReminderEntry, ...]
    year: int
    tasks: list[TaskEntry]
    letter_issuers: tuple[LetterIssuer, ...] = ()
    letter_kinds: tuple[LetterKind, ...] = ()
    report_limits: ReportLimits = ReportLimits()
    categories: tuple[Category, ...] = ()
    four_eyes: FourEyes = FourEyes()
    cadences: tuple[CadenceEntry, ...] = ()

    def organisations_in_order(self) -> Iterator[OrganisationEntry]:
        """Yield every organisation after its parent, otherwise in the pack's order."""
        placed: set[str] = set()
        waiting = self.organisations
        while waiting:
            held_back = []
            for one in waiting:
                if one.parent is None or one.parent in placed:
                    placed.add(one.code)
                    yield one
                else:
                    held_back.append(one)
            if len(held_back) == len(waiting):
                raise PackBroken(f"organisations in a circle: {', '.join(one.code for one in held_back)}")
            waiting = held_back

    def person(self, key: str) -> PersonEntry:
        """Return the demo person with this key; raises KeyError."""
        return {person.key: person for person in self.people}[key]

    def task_rows(self) -> list[dict[str, Any]]:
        """Return the tasks as rows of a sheet, by column key of the task list."""
        return [
            msgspec.structs.asdict(task)
            | {
                "is_major": "是" if task.is_major else "否",
                "supporting_units": "、".join(task.supporting_units),
                "commissioners": "、".join(task.commissioners),
            }
            for task in self.tasks
        ]


def open_pack(name: str, *, folder: Path = FOLDER) -> Pack:
    """Open the pack in the folder of this name; raises PackBroken naming what is missing or wrong."""
    files = sorted((folder / name).glob("*.toml")) if name.isidentifier() else []
    if not files:
        raise PackBroken(f"no pack named {name!r}")
    tables: dict[str, Any] = {}
    for file in files:
        for key, table in tomllib.loads(file.read_text("utf-8")).items():
            if key in tables:
                raise PackBroken(f"{file.name}: {key!r} stands in another file too")
            tables[key] = table
    try:
        pack = msgspec.convert(tables, Pack)
    except msgspec.ValidationError as error:
        raise PackBroken(str(error)) from error
    gaps = [*_repeated(pack), *_dangling(pack), *_unworded(pack)]
    if gaps:
        raise PackBroken("\n".join(gaps))
    list(pack.organisations_in_order())
    return pack


class Ways(Entry, frozen=True):
    """A city's daily settings from its pack, or the defaults if it has none."""

    names: Names = Names()
    promises: Promises = Promises()
    quiet_hours: QuietHours = QuietHours()
    reminders: tuple[ReminderEntry, ...] = ()
    letter_issuers: tuple[LetterIssuer, ...] = ()
    letter_kinds: tuple[LetterKind, ...] = ()
    report_limits: ReportLimits = ReportLimits()
    categories: tuple[Category, ...] = ()
    four_eyes: FourEyes = FourEyes()
    cadences: tuple[CadenceEntry, ...] = ()


@cache
def ways_of(name: str) -> Ways:
    """Return the settings of the city with this pack name."""
    try:
        pack = open_pack(name)
    except PackBroken:
        return Ways()
    return Ways(**{name: getattr(pack, name) for name in Ways.__struct_fields__})


def _repeated(pack: Pack) -> Iterator[str]:
    words: dict[str, list[Any]] = {
        "organisation code": [one.code for one in pack.organisations],
        "organisation name": [one.name for one in pack.organisations],
        "person key": [person.key for person in pack.people],
        "username": [person.username for person in pack.people if person.username],
        "reason code": [reason.code for reason in pack.reasons],
        "reminder": [rule.kind for rule in pack.reminders],
        "category code": [one.code for one in pack.categories],
        "category label": [one.label for one in pack.categories],
        "task code": [task.code for task in pack.tasks],
        "letter kind": [kind.code for kind in pack.letter_kinds],
        "letter label": [kind.label for kind in pack.letter_kinds],
        "letter mark": [kind.mark for kind in pack.letter_kinds],
        "cadence": [rule.code for rule in pack.cadences],
        "step of the ladder": [kind.step for kind in pack.letter_kinds if kind.step],
    }
    for kind, values in words.items():
        yield from (f"{kind} {value!r} stands twice" for value in set(values) if values.count(value) > 1)


def _dangling(pack: Pack) -> Iterator[str]:
    codes = {one.code for one in pack.organisations}
    named = {f"organisation {one.code}": one.parent for one in pack.organisations if one.parent}
    named |= {f"person {one.key}": one.organisation for one in pack.people if one.organisation}
    named |= {f"letter issuer {one.code}": one.organisation for one in pack.letter_issuers}
    for rule in pack.cadences:
        named |= {f"cadence {rule.code}, {code}": code for code in (*rule.organisations, *rule.excluded)}
    yield from (f"{where}: no organisation {code!r}" for where, code in named.items() if code not in codes)


def _unworded(pack: Pack) -> Iterator[str]:
    for kind in pack.letter_kinds:
        if bool(kind.template) == bool(kind.title and kind.body):
            yield f"letter kind {kind.code!r} needs either a template or a title and a body"
