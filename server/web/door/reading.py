"""Reading requests: the type of a command is its complete validation."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec
from sanic import Request

from server.kernel.classified import check_not_classified, texts_in
from server.kernel.refusal import Refusal
from server.kernel.text import cleaned
from server.web.door.problems import Malformed

T = TypeVar("T")
DEEPEST = 32  # our own documents are six levels deep; Python fails at about a thousand
YEARS = range(1900, 2201)  # cameras whose clock was never set say 1970 or 1980
HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
NUMBER = re.compile(r"\s*[-+]?[\d.]+(e[-+]?\d+)?\s*", re.IGNORECASE)

WORDS = [
    (r"missing required field `(?P<field>[^`]+)`", "缺少这一项"),
    (r"contains unknown field `(?P<field>[^`]+)`", "不认识这一项"),
    (r"Expected `str` of length >= (\d+)", "至少要{0}个字"),
    (r"Expected `str` of length <= (\d+)", "最多{0}个字"),
    (r"Expected `array` of length >= (\d+)", "至少要{0}项"),
    (r"Expected `array` of length <= (\d+)", "最多{0}项"),
    (r"Expected `(?:int|float)` >= ([-\d.]+)", "不能小于{0}"),
    (r"Expected `(?:int|float)` <= ([-\d.]+)", "不能大于{0}"),
    (r"Expected `str` matching regex", "格式不对"),
    (r"Invalid enum value", "不在可选范围内"),
    (r"Invalid UUID", "编号格式不对"),
    (r"Invalid RFC3339|Invalid datetime", "时间格式不对，要带时区"),
    (r"timezone", "时间要带时区"),
    (r"Invalid date", "日期格式不对"),
    (r"Expected", "类型不对"),
]


class Invalid(Refusal):
    """The document is readable, but some fields are not acceptable; every failing field is named."""

    status = 422
    message_zh = "有内容没有填对。"
    hint_zh = "请按提示修改后再提交。"


def read_body(request: Request, shape: type[T], *, may_warn: bool = False) -> T:
    """Return the body as `shape`, its texts cleaned.

    Raises Malformed (not JSON), Invalid (all failing fields) or Classified, unless the office `may_warn` of secrets.
    """
    raw = _decoded(request.body)
    value = read_value(raw, shape)
    if not may_warn:
        check_not_classified(*texts_in(raw))
    return value


def _decoded(body: bytes) -> Any:
    """Return the document in a body; half an emoji, which keyboards do leave, is later dropped with other controls."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if not HALF_A_CHARACTER.search(body):
            raise Malformed from error
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed from error


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def read_query(request: Request, shape: type[T]) -> T:
    """Return the query as `shape`; unknown or repeated parameters, and numbers in place of times, are refused."""
    values: dict[str, str] = {}
    for name, value in request.get_query_args(keep_blank_values=True):
        if name in values:
            raise Invalid(fields=[{"field": name, "message_zh": "重复了"}])
        values[name] = value
    if numbers := [name for name in _times(shape) if NUMBER.fullmatch(values.get(name, ""))]:
        raise Invalid(fields=[_field("Invalid datetime", below=name) for name in numbers])
    return read_value(values, shape, strict=False)


def read_value(raw: Any, shape: type[T], *, strict: bool = True) -> T:
    """Return plain data as `shape`. Raises Invalid with all failing fields, not only the first."""
    raw = _cleaned(raw)
    try:
        value = msgspec.convert(raw, shape, strict=strict)
    except msgspec.ValidationError as first:
        raise Invalid(fields=_failing_fields(raw, shape, strict=strict) or [_field(str(first))]) from first
    if odd := [{"field": place, "message_zh": words} for place, words in _unstorable(value)]:
        raise Invalid(fields=odd)
    return value


def _cleaned(raw: Any, name: str = "", *, depth: int = 0) -> Any:
    """Return plain data with every text cleaned, passwords excepted. Raises Malformed if it is nested too deep."""
    if depth > DEEPEST:
        raise Malformed
    if isinstance(raw, str):
        return raw if name.endswith("password") else cleaned(raw)
    if isinstance(raw, dict):
        return {key: _cleaned(value, key, depth=depth + 1) for key, value in raw.items()}
    return [_cleaned(one, depth=depth + 1) for one in raw] if isinstance(raw, list) else raw


def _unstorable(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield values that are well-formed but can't be stored: texts with NUL and extreme dates."""
    if isinstance(value, str) and "\0" in value:
        yield place, "含有无法保存的字符"
    elif isinstance(value, date) and value.year not in YEARS:
        yield place, f"年份要在{YEARS[0]}到{YEARS[-1]}之间"
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _unstorable(getattr(value, name), f"{place}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _unstorable(one, f"{place}[{number}]")


def _times(shape: type[Any]) -> list[str]:
    """Return the fields that hold an instant: msgspec would also accept seconds since 1970, which are not declared."""
    fields = msgspec.structs.fields(shape)
    return [one.encode_name for one in fields if "datetime" in str(one.type)]


def _failing_fields(raw: Any, shape: type[Any], *, strict: bool) -> list[dict[str, str]]:
    """Check field by field, because msgspec stops at the first failure."""
    if not isinstance(raw, dict) or not hasattr(shape, "__struct_fields__"):
        return []
    found = []
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    found += [_field(f"contains unknown field `{name}`") for name in raw if name not in known]
    for name, field in known.items():
        if name not in raw:
            if field.required:
                found.append(_field(f"missing required field `{name}`"))
            continue
        try:
            msgspec.convert(raw[name], field.type, strict=strict)
        except msgspec.ValidationError as error:
            found.append(_field(str(error), below=name))
    return found


def _field(message: str, *, below: str = "") -> dict[str, str]:
    path = re.search(r" - at `\$?\.?([^`]*)`", message)
    place = ".".join(part for part in (below, path.group(1) if path else "") if part)
    for pattern, words in WORDS:
        if match := re.search(pattern, message):
            named = match.groupdict().get("field")
            place = ".".join(part for part in (place, named) if part)
            return {"field": place or "$", "message_zh": words.format(*match.groups())}
    return {"field": place or "$", "message_zh": "没有填对"}
