"""Forms of policies: drawn from the types of their contents, so that a new policy needs no page of its own."""

from dataclasses import dataclass
from datetime import time
from enum import Enum
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct, inspect

from models.vocabulary import Word
from server.policies import PolicyKind
from server.web.door.reading import read_value

BETWEEN = "、"
TOO_FEW = 2  # empty groups offered at the end of a list, for new entries
RULES = "content."
CODE = "code"


@dataclass(frozen=True)
class Blank:
    """One field of a form: `kind` is number, tick, time, line, words or choices."""

    name: str
    label: str
    kind: str
    value: Any
    least: int | None = None
    most: int | None = None
    choices: tuple[Word, ...] = ()

    @property
    def said(self) -> str:
        """Return the value in words."""
        if self.kind == "choices":
            return BETWEEN.join(one.label for one in self.value) or "没有"
        if self.kind == "tick":
            return "是" if self.value else "否"
        return f"{self.value:%H:%M}" if isinstance(self.value, time) else str(self.value or "没有")


@dataclass(frozen=True)
class Group:
    """Fields that belong together: the whole policy, or one entry of its list; `is_new` for an empty one."""

    title: str
    blanks: list[Blank]
    code: str = ""
    prefix: str = ""
    is_new: bool = False


def groups_of(content: Struct, *, with_new: bool = False) -> list[Group]:
    """Return a content as groups of fields; a policy that is a list has one for each entry. Pure."""
    entry = _entry_type(type(content))
    if entry is None:
        return [Group("", _blanks(content, prefix=RULES))]
    found = [_group(one, at) for at, one in enumerate(getattr(content, "all", ()))]
    if with_new:
        at = len(found)
        empty = entry(code=f"own_{uuid4().hex[:8]}", label="新的一项")
        found += [Group("添加一项", _blanks(empty, prefix=_prefix(at)), empty.code, _prefix(at), is_new=True)]
    return found


def content_in(typed: dict[str, str], kind: PolicyKind) -> Struct:
    """Return the content that was typed. Raises Invalid naming the fields."""
    entry = _entry_type(kind.shape)
    if entry is None:
        return read_value(_values(typed, kind.shape, RULES), kind.shape, strict=False)
    rows, at = [], 0
    while f"{_prefix(at)}{CODE}" in typed:
        row = _values(typed, entry, _prefix(at))
        if row.get("label"):
            rows.append(row)
        at += 1
    return read_value({"all": rows}, kind.shape, strict=False)


def _group(one: Any, at: int) -> Group:
    return Group(one.label, _blanks(one, prefix=_prefix(at)), one.code, _prefix(at))


def _prefix(at: int) -> str:
    return f"{RULES}{at}."


def _entry_type(shape: type[Struct]) -> Any:
    """Return the type of the entries if a content is a list of them, else None."""
    fields = msgspec.structs.fields(shape)
    if [one.name for one in fields] != ["all"]:
        return None
    (listed,) = inspect.type_info(shape).fields  # type: ignore[attr-defined]
    return _plain(listed.type)[0].item_type.cls


def _blanks(content: Struct, *, prefix: str) -> list[Blank]:
    fields = inspect.type_info(type(content)).fields  # type: ignore[attr-defined]
    return [
        _blank(one.type, f"{prefix}{one.name}", getattr(content, one.name))
        for one in fields
        if one.name != CODE
    ]


def _blank(type_: Any, name: str, value: Any) -> Blank:
    type_, label = _plain(type_)
    if isinstance(type_, inspect.BoolType):
        return Blank(name, label, "tick", value)
    if isinstance(type_, inspect.IntType):
        return Blank(name, label, "number", value, least=type_.ge, most=type_.le)
    if isinstance(type_, inspect.TimeType):
        return Blank(name, label, "time", value)
    if isinstance(type_, inspect.VarTupleType):
        item = _plain(type_.item_type)[0]
        if isinstance(item, inspect.EnumType):
            return Blank(name, label, "choices", value, choices=tuple(_words(item.cls)))
        return Blank(name, label, "words", BETWEEN.join(value), most=200)
    return Blank(name, label, "line", value, most=type_.max_length)


def _words(cls: type[Enum]) -> list[Word]:
    return [one for one in cls if isinstance(one, Word)]


def _plain(type_: Any) -> tuple[Any, str]:
    """Return a type without its title, and the title."""
    if isinstance(type_, inspect.Metadata):
        return type_.type, (type_.extra_json_schema or {}).get("title", "")
    return type_, ""


def _values(typed: dict[str, str], shape: type[Struct], prefix: str) -> dict[str, Any]:
    """Return the fields of one group as plain data."""
    found: dict[str, Any] = {}
    for one in inspect.type_info(shape).fields:  # type: ignore[attr-defined]
        type_, name = _plain(one.type)[0], f"{prefix}{one.name}"
        if isinstance(type_, inspect.BoolType):
            found[one.name] = name in typed
        elif isinstance(type_, inspect.VarTupleType):
            found[one.name] = _listed(typed, name, type_)
        elif value := typed.get(name, "").strip():
            is_minute = (
                isinstance(type_, inspect.TimeType) and value.count(":") == 1
            )  # as browsers write times
            found[one.name] = f"{value}:00" if is_minute else value
    return found


def _listed(typed: dict[str, str], name: str, type_: inspect.VarTupleType) -> list[str]:
    item = _plain(type_.item_type)[0]
    if isinstance(item, inspect.EnumType):
        return [one.value for one in item.cls if f"{name}.{one.value}" in typed]
    words = typed.get(name, "").replace("，", BETWEEN).replace(",", BETWEEN).replace(" ", BETWEEN)
    return list(dict.fromkeys(word for part in words.split(BETWEEN) if (word := part.strip())))
