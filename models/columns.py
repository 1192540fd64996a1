"""Columns whose types Tortoise does not tell."""

from enum import Enum
from typing import TypeVar, cast

from tortoise import fields
from tortoise.fields import Field

Code = TypeVar("Code", bound=Enum)


def optional_code(kind: type[Code], *, max_length: int) -> Field[Code | None]:
    """A code of an enumeration, or none; Tortoise's own field is typed as if there were always one."""
    return cast(
        "Field[Code | None]",
        fields.CharEnumField(kind, max_length=max_length, null=True),
    )
