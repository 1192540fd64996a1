"""Changing a template: rewording it with a reason, or restoring an earlier wording; nothing is ever lost."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from models import Person, Template, TemplateVersion
from models.vocabulary import TemplatePurpose
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.templates.filling import check
from server.templates.reading import FIRST_WHY
from server.templates.refusals import StaleTemplate
from server.templates.standard import LONGEST_TITLE, STANDARD

PLAIN = r"^[^\x00-\x09\x0b-\x1f\x7f]*\S[^\x00-\x09\x0b-\x1f\x7f]*$"  # no characters that a screen can't show


class NewWording(Struct, frozen=True):
    """A title, a body with its blanks in braces, and the reason for the change."""

    title: Annotated[str, Meta(min_length=2, max_length=LONGEST_TITLE, pattern=PLAIN)]
    body: Annotated[str, Meta(min_length=1, max_length=3000, pattern=PLAIN)]
    why: Annotated[str, Meta(min_length=2, max_length=200, pattern=PLAIN)]


@unit_of_work
async def change_template(
    purpose: TemplatePurpose, *, version: int, new: NewWording, by: Actor, now: datetime
) -> Template:
    """Reword a template from now on; the same words change nothing.

    Raises StaleTemplate, BraceAlone, BlankNotKnown, BlankMissing, WordingTooLong.
    """
    by.reaches(Permission.KEEP_TEMPLATES)
    check(purpose, title=new.title, body=new.body)
    template = await _at(purpose, version=version)
    if (template.title, template.body) == (new.title, new.body):
        return template
    await _renew(template, new, by=by, now=now)
    await journal.record(
        "template.changed",
        template,
        by=by.person,
        name=purpose.label,
        version=template.version,
        title=new.title,
        body=new.body,
        why=new.why,
    )
    return template


@unit_of_work
async def restore_template(
    purpose: TemplatePurpose, *, version: int, earlier: int, by: Actor, now: datetime
) -> Template:
    """Restore an earlier wording as a new version; raises StaleTemplate, NoSuchThing."""
    by.reaches(Permission.KEEP_TEMPLATES)
    template = await _at(purpose, version=version)
    old = await TemplateVersion.get_or_none(template_id=template.id, version=earlier)
    if old is None:
        raise NoSuchThing
    if (template.title, template.body) == (old.title, old.body):
        return template
    check(purpose, title=old.title, body=old.body)
    new = NewWording(old.title, old.body, f"恢复第{earlier}版")
    await _renew(template, new, by=by, now=now)
    told = {"name": purpose.label, "version": template.version, "earlier": earlier}
    await journal.record("template.restored", template, by=by.person, **told)
    return template


async def _at(purpose: TemplatePurpose, *, version: int) -> Template:
    """Return the template, locked; the first change also stores the standard text as version one."""
    standard = STANDARD[purpose]
    first = Template(purpose=purpose, title=standard.title, body=standard.body, version=1)
    await Template.bulk_create([first], ignore_conflicts=True)
    template = await Template.select_for_update().get(purpose=purpose)
    if template.version != version:
        raise StaleTemplate
    if not await TemplateVersion.exists(template_id=template.id):
        await _keep(template, why=FIRST_WHY, by=None, at=None)
    return template


async def _renew(template: Template, new: NewWording, *, by: Actor, now: datetime) -> None:
    template.title, template.body = new.title, new.body
    template.version += 1
    await template.save()
    await _keep(template, why=new.why, by=by.person, at=now)


async def _keep(template: Template, *, why: str, by: Person | None, at: datetime | None) -> None:
    await TemplateVersion.create(
        template=template,
        version=template.version,
        title=template.title,
        body=template.body,
        why=why,
        at=at,
        by=by,
    )
