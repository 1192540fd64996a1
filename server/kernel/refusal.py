"""Refusals: one class for each reason to say no, with a stable code and the sentences that the person reads."""

import re
from typing import ClassVar, Literal

Retry = Literal["never", "same", "later"]


class Refusal(Exception):
    """The office refuses a request. Subclasses give the words: what happened and why, then what to do next.

    `retry` tells the client whether repeating helps: never, the same again, or the same later.
    `extra` members become part of the problem document (RFC 9457, section 3.2).
    """

    status: ClassVar[int] = 409
    message_zh: ClassVar[str] = "这项操作现在不能进行。"
    hint_zh: ClassVar[str] = ""
    retry: ClassVar[Retry] = "never"

    def __init__(self, detail: str | None = None, *, hint: str | None = None, **extra: object) -> None:
        super().__init__(detail or self.message_zh)
        self.message = detail or self.message_zh
        self.hint = hint or self.hint_zh
        self.extra = extra

    @classmethod
    def code(cls) -> str:
        """The stable code of this refusal: `IdempotencyMismatch` is `idempotency_mismatch`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class NoSuchThing(Refusal):
    """Missing, or not visible to this person: the response is byte-identical in both cases."""

    status = 404
    message_zh = "没有找到您要的内容。"
    hint_zh = "可能已被删除，或不在您的查看范围内。"


def every_refusal(base: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Return all refusals known to the running program, sorted by code."""
    found = {below for child in base.__subclasses__() for below in [child, *every_refusal(child)]}
    return sorted(found, key=lambda refusal: (refusal.code(), refusal.__module__))
