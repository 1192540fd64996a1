"""Reading forms and filters of the console: the type of the command is its complete validation."""

from typing import TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from msgspec import Struct
from sanic import Request

from server.kernel.classified import check_not_classified, texts_in
from server.ledger.commands import Version, Words
from server.web.door.problems import Malformed
from server.web.door.reading import Invalid, read_value

T = TypeVar("T")
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 250  # a batch of 50 rows has three fields in each


class AtVersion(Struct, frozen=True, kw_only=True):
    """A form about a record at the version that was on the screen."""

    version: Version


class Because(AtVersion, frozen=True, kw_only=True):
    """A form that asks for a reason."""

    reason: Words


def read_form(request: Request, shape: type[T], *, may_warn: bool = False) -> T:
    """Return the form as `shape`; an empty field counts as not given.

    Raises Malformed, Invalid or Classified, unless the office `may_warn` of secrets in it (LET-08).
    """
    pairs = _pairs(request)
    value = _read(pairs, shape)
    if not may_warn:
        check_not_classified(*texts_in(dict(pairs)))
    return value


def typed_words(request: Request) -> dict[str, str]:
    """Return the form as typed, to show it again when the action failed."""
    return dict(_pairs(request))


def ticked(request: Request, prefix: str) -> list[UUID]:
    """Return the ids of the ticked boxes, each named by a prefix and its id. Raises Malformed."""
    names = [name.removeprefix(prefix) for name in typed_words(request) if name.startswith(prefix)]
    try:
        return [UUID(name) for name in names]
    except ValueError as error:
        raise Malformed from error


def read_filter(request: Request, shape: type[T]) -> T:
    """Return the query as `shape`; an empty field counts as not given. Raises Invalid."""
    return _read(request.get_query_args(keep_blank_values=True), shape)


def _pairs(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Malformed
    try:
        return parse_qsl(
            request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise Malformed from error


def _read(pairs: list[tuple[str, str]], shape: type[T]) -> T:
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise Invalid(fields=[{"field": name, "message_zh": "重复了"}])
        values[name] = value if name.endswith("password") else value.replace("\r\n", "\n").strip()
    return read_value({name: value for name, value in values.items() if value}, shape, strict=False)
