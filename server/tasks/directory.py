"""The units and officials a task list may name, found by name, with suggestions for unknown names. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from models.vocabulary import OrganisationKind, Role
from server.sheets.reading_cells import plain

QUALIFIED = (
    re.compile(r"(?P<name>[^()]+)\((?P<unit>.+)\)"),
    re.compile(r"(?P<unit>.+)[·•・](?P<name>[^·•・]+)"),
)
SUGGESTIONS = 3


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An organisation as a task list names it."""

    id: UUID
    name: str
    short_name: str
    kind: OrganisationKind


@dataclass(frozen=True, kw_only=True)
class Official:
    """A person who holds office: `roles` are those held today, none after leaving."""

    id: UUID
    designation: str
    unit_id: UUID | None
    roles: frozenset[Role]


class NotFound(Exception):
    """A name matches nobody or several; `advice` says what to write instead."""

    def __init__(self, what: str, *, advice: str) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


class Directory:
    """Units and officials in the office's order."""

    def __init__(self, *, units: Sequence[Unit], officials: Sequence[Official]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._officials = {official.id: official for official in officials}
        self._order = {key: at for at, key in enumerate([*self._units, *self._officials])}
        self._units_named: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for name in {plain(unit.name), plain(unit.short_name)}:
                self._units_named[name].append(unit)
        self._officials_named: defaultdict[str, list[Official]] = defaultdict(list)
        for official in officials:
            self._officials_named[plain(official.designation)].append(official)

    def unit(self, text: str) -> UUID:
        """Return the unit with this full or short name; raises NotFound."""
        found = self._units_named.get(plain(text), [])
        if len(found) == 1:
            return found[0].id
        if found:
            names = "、".join(unit.name for unit in found)
            raise NotFound(f"“{text}”对应 {len(found)} 个单位：{names}。", advice="请写全称。")
        known = [name for unit in self._units.values() for name in (unit.name, unit.short_name)]
        raise _unknown(text, known, where="单位")

    def units(self, text: str) -> list[UUID] | None:
        """Return all units of a kind if the text asks for them, such as “各县(市)区”, else None."""
        kind = WHOLE_KINDS.get(_bare(text))
        return [unit.id for unit in self._units.values() if unit.kind is kind] if kind else None

    def official(self, text: str, *, role: Role) -> UUID:
        """Return the one official of this name who holds the role today; raises NotFound.

        Homonyms are distinguished by “单位·姓名” or “姓名(单位)”.
        """
        found, unit = self._named(plain(text)), ""
        if not found:
            found, unit = self._qualified(text)
        holders = [official for official in found if role in official.roles]
        if len(holders) == 1:
            return holders[0].id
        if holders:
            raise self._ambiguous(text, holders, is_qualified=bool(unit))
        if found and any(official.roles for official in found):
            advice = f"请改填{role.label}，或请管理员先给他{role.label}的职责。"
            raise NotFound(f"“{text}”现在不是{role.label}。", advice=advice)
        if found:
            raise NotFound(f"“{text}”已不在任。", advice=f"请改填现任的{role.label}。")
        names = [other.designation for other in self._officials.values() if role in other.roles]
        raise _unknown(text, names, where=role.label)

    def in_order(self, ids: Iterable[UUID]) -> tuple[UUID, ...]:
        """Return each id once, in the office's order."""
        return tuple(sorted(set(ids), key=lambda key: (self._order.get(key, len(self._order)), key)))

    def holds(self, official_id: UUID, role: Role) -> bool:
        """Return whether an official holds a role today."""
        official = self._officials.get(official_id)
        return official is not None and role in official.roles

    def unit_names(self) -> list[str]:
        """Return all full names, in the office's order."""
        return [unit.name for unit in self._units.values()]

    def official_names(self, role: Role) -> list[str]:
        """Return everybody who holds the role today, each distinguished from homonyms."""
        return [self.official_name(one.id) for one in self._officials.values() if role in one.roles]

    def unit_name(self, unit_id: UUID) -> str:
        return self._units[unit_id].name

    def official_name(self, official_id: UUID) -> str:
        """Return the designation, with the unit where two people share it, so that it can be read back."""
        official = self._officials.get(official_id)
        if official is None:
            return "（已不在名册）"
        if len(self._named(plain(official.designation))) > 1 and official.unit_id:
            return f"{official.designation}（{self._units[official.unit_id].short_name}）"
        return official.designation

    def _named(self, key: str, *, unit_id: UUID | None = None) -> list[Official]:
        named = self._officials_named.get(key, [])
        return [official for official in named if unit_id is None or official.unit_id == unit_id]

    def _qualified(self, text: str) -> tuple[list[Official], str]:
        """Return officials by name and unit; the unit's text is empty if none is named."""
        for pattern in QUALIFIED:
            match = pattern.fullmatch(unicodedata.normalize("NFKC", text).strip())
            if match and self._named(plain(match["name"])):
                unit_id = self.unit(match["unit"])
                return self._named(plain(match["name"]), unit_id=unit_id), match["unit"]
        return [], ""

    def _ambiguous(self, text: str, found: Sequence[Official], *, is_qualified: bool) -> NotFound:
        if is_qualified:
            return NotFound(
                f"“{text}”有 {len(found)} 位。", advice="请管理员先改其中一位的称呼，使两人能分清。"
            )
        units = [self._units[official.unit_id].short_name for official in found if official.unit_id]
        advice = f"请写明单位，如“{text}（{units[0]}）”。" if units else "请管理员先补上他们的单位。"
        return NotFound(f"“{text}”有 {len(found)} 位：{'、'.join(units)}。", advice=advice)


def split_names(text: str) -> list[str]:
    """Return the names of a list separated by 、 or similar; spaces stay inside the names."""
    parts = re.split(r"[、,;/|\n\r]", unicodedata.normalize("NFKC", text))
    return [part.strip() for part in parts if part.strip()]


def _unknown(text: str, names: Iterable[str], *, where: str) -> NotFound:
    near = _near(text, names)
    advice = (
        f"是不是“{'”“'.join(near)}”？请改成系统里的名称。" if near else f"请先添加这个{where}，或核对名称。"
    )
    return NotFound(f"系统里没有名为“{text}”的{where}。", advice=advice)


def _near(text: str, names: Iterable[str]) -> list[str]:
    """Return names that shorten or lengthen the text (市发改委, 市发展和改革委员会), then similarly spelt ones."""
    known = {plain(name): name for name in names}
    key = plain(text)
    related = [other for other in known if _is_within(key, other) or _is_within(other, key)]
    alike = get_close_matches(key, known, n=SUGGESTIONS, cutoff=0.5)
    return [known[other] for other in dict.fromkeys([*related, *alike])][:SUGGESTIONS]


def _is_within(short: str, long: str) -> bool:
    """Return whether all characters of one, at least two, occur in the other in the same order."""
    letters = iter(long)
    return len(short) > 1 and all(letter in letters for letter in short)


def _bare(text: str) -> str:
    return re.sub(r"[()]", "", plain(text))


WHOLE_KINDS = {"各" + _bare(kind.label): kind for kind in OrganisationKind}
