"""Examples for the OpenAPI document, made from the types: valid by construction, and in the words of the office."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

AN_ID = UUID("6f1c2a54-8d0b-4c57-9a53-0e5b7c1d2f43")
A_MOMENT = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)
A_DAY = date(2026, 11, 30)
A_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# What a text with this name says; the longest ending that fits a field's name counts.
WORDS = {
    "text": "北京路与民族街口有两个坑，下雨后积水，车辆绕行。",
    "title": "北京路与民族街口路面坑槽",
    "name": "北京路与民族街口",
    "place_name": "北京路与民族街口",
    "designation": "王科长",
    "reason": "现场核实后需要多部门会商。",
    "words": "请先看现场再定方案，周五前填报进展。",
    "reply": "已安排养护队处理，谢谢您的上报。",
    "summary": "路口两处坑槽，各约半米，影响通行。",
    "label": "反映问题",
    "next_step": "下周三前由养护队完成铺设。",
    "receipt_number": "7KQ4M-2XPRT",
    "number": "银改督-2026-0018",
    "ledger_number": "银改督-2026-0018",
    "message_zh": "内容已被更新，您看到的不是最新的。",
    "hint_zh": "请刷新后再操作。",
    "code": "roads",
    "url": "/api/v1/renditions/6f1c2a54",
    "organisation": "市住建局",
    "unit": "市住建局",
    "unit_name": "市住房城乡建设局",
    "short_name": "市住建局",
    "lead_unit": "市住建局",
    "hint": "哪条路、哪个路口",
    "body": "您反映的路面坑槽已挂号，正在分办。",
    "note": "需等城市更新规划批复，年内每季度复核。",
    "brief": "查看三个路口的养护是否到位。",
    "email": "wang@example.org",
    "phone": "13800000000",
    "cursor": str(AN_ID),
}
# A text of this form where a type asks for one.
OF_FORM = (
    f"1790000000.{A_DIGEST[:32]}",
    A_DIGEST,
    "roads",
    "0123456789abcdef",
    "93.5",
    "93",
    "7KQ4M2XPRT",
    "A",
    "2026-11-30",
    "银改督",
)
ANY_WORDS = "路面坑槽已修补。"


def example_of(kind: Any) -> Any:
    """Return a valid example of a type, as plain data for JSON."""
    return msgspec.to_builtins(_of(inspect.type_info(kind), ""))


def _of(kind: Any, name: str) -> Any:
    if isinstance(kind, inspect.Metadata):
        return _of(kind.type, name)
    if type(kind) in PLAIN:
        return PLAIN[type(kind)]
    return MADE[type(kind)](kind, name) if type(kind) in MADE else {}


def _fields(kind: Any, name: str) -> dict[str, Any]:
    return {one.encode_name: _of(one.type, one.encode_name) for one in kind.fields}


def _first_given(kind: inspect.UnionType, name: str) -> Any:
    given = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    return _of(given[0], name) if given else None


def _listed(kind: Any, name: str) -> list[Any]:
    return [_of(kind.item_type, name)] * max(1, kind.min_length or 1)


def _whole(kind: Any, name: str) -> int:
    return int(_number(kind, {"version": 3, "percent": 60, "days": 15, "total": 42}.get(name, 1)))


def _measured(kind: Any, name: str) -> float:
    return float(_number(kind, {"latitude": 38.4872, "longitude": 106.2309}.get(name, 12.0)))


def _number(kind: Any, usual: float) -> float:
    least = kind.ge if kind.ge is not None else (kind.gt + 1 if kind.gt is not None else usual)
    most = kind.le if kind.le is not None else (kind.lt - 1 if kind.lt is not None else usual)
    return min(max(usual, least), max(most, least))


def _text(kind: inspect.StrType, name: str) -> str:
    """Return words for a field by the longest known ending of its name, in the form and length it wants."""
    endings = sorted((one for one in WORDS if name == one or name.endswith(f"_{one}")), key=len)
    words = A_DIGEST if name == "sha256" else WORDS[endings[-1]] if endings else ANY_WORDS
    for one in (words, *OF_FORM):
        fitted = one[: kind.max_length].ljust(kind.min_length or 0, "0" if one.isascii() else "。")
        if not kind.pattern or re.search(kind.pattern, fitted):
            return fitted
    return words


PLAIN: dict[type, Any] = {
    inspect.BoolType: True,
    inspect.UUIDType: AN_ID,
    inspect.DateTimeType: A_MOMENT,
    inspect.DateType: A_DAY,
    inspect.TimeType: time(8, 30),
    inspect.TimeDeltaType: timedelta(hours=1),
    inspect.DecimalType: "93.50",
    inspect.NoneType: None,
}
MADE: dict[type, Callable[[Any, str], Any]] = {
    inspect.StructType: _fields,
    inspect.DataclassType: _fields,
    inspect.UnionType: _first_given,
    inspect.ListType: _listed,
    inspect.VarTupleType: _listed,
    inspect.SetType: _listed,
    inspect.TupleType: lambda kind, name: [_of(one, name) for one in kind.item_types],
    inspect.DictType: lambda kind, name: {str(_of(kind.key_type, "code")): _of(kind.value_type, name)},
    inspect.EnumType: lambda kind, name: next(iter(kind.cls)).value,
    inspect.LiteralType: lambda kind, name: kind.values[0],
    inspect.StrType: lambda kind, name: _text(kind, name),
    inspect.IntType: _whole,
    inspect.FloatType: _measured,
}
