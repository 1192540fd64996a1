"""Columns with the types that Tortoise leaves out."""

from enum import Enum
from typing import TypeVar, cast

from tortoise import fields
from tortoise.fields import Field

Code = TypeVar("Code", bound=Enum)


def optional_code(kind: type[Code], *, max_length: int) -> Field[Code | None]:
    """Return a field for an enumeration code or none; Tortoise's own field is typed as never null."""
    return cast(
        "Field[Code | None]",
        fields.CharEnumField(kind, max_length=max_length, null=True),
    )
