"""Reading templates: what is in force, what was before, and a message in the current words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import Template, TemplateVersion
from models.vocabulary import TemplatePurpose
from server.templates.filling import fill
from server.templates.standard import LONGEST_TITLE, STANDARD, Standard

FIRST_WHY = "系统初始内容"


@dataclass(frozen=True)
class Wording:
    """A template as it is in force."""

    purpose: TemplatePurpose
    standard: Standard
    title: str
    body: str
    version: int


@dataclass(frozen=True)
class Past:
    """One version of a template; the standard text has neither time nor author."""

    version: int
    title: str
    body: str
    why: str
    at: datetime | None
    by_id: UUID | None


async def wordings() -> list[Wording]:
    """Return every template as it is in force, in the order of the vocabulary."""
    changed = {one.purpose: one for one in await Template.all()}
    return [_wording(purpose, changed.get(purpose)) for purpose in TemplatePurpose]


async def wording_of(purpose: TemplatePurpose) -> Wording:
    """Return one template as it is in force."""
    return _wording(purpose, await Template.get_or_none(purpose=purpose))


async def history_of(purpose: TemplatePurpose) -> list[Past]:
    """Return all versions of a template, newest first."""
    kept = await TemplateVersion.filter(template__purpose=purpose).order_by("-version")
    if not kept:
        standard = STANDARD[purpose]
        return [Past(1, standard.title, standard.body, FIRST_WHY, None, None)]
    return [Past(one.version, one.title, one.body, one.why, one.at, one.by_id) for one in kept]


async def worded(purpose: TemplatePurpose, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return title and body of a message in the current words; the title is cut to the width of an inbox row."""
    wording = await wording_of(purpose)
    return fill(purpose, wording.title, facts)[:LONGEST_TITLE], fill(purpose, wording.body, facts)


def _wording(purpose: TemplatePurpose, own: Template | None) -> Wording:
    standard = STANDARD[purpose]
    if own is None:
        return Wording(purpose, standard, standard.title, standard.body, 1)
    return Wording(purpose, standard, own.title, own.body, own.version)
