"""The page number of lists that are paged by number."""

from typing import Annotated

from msgspec import Meta, Struct


class WhichPage(Struct, frozen=True):
    """The page to show, counted from one."""

    page: Annotated[int, Meta(ge=1, le=1000)] = 1
