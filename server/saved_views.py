"""Saved views: a list's filters under a personal name; anybody can share them by their URL (LED-11)."""

from datetime import datetime
from uuid import UUID

from models import SavedView
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor

MOST = 20


class TooManyViews(Refusal):
    """The person already has twenty views of this page."""

    status = 409
    message_zh = "最多保存20个视图。"
    hint_zh = "请先删除用不到的视图，再保存。"


class ViewNameTaken(Refusal):
    """Another view of this page already has this name."""

    status = 409
    message_zh = "已有同名的视图。"
    hint_zh = "请换一个名称，或先删除原来的视图。"


async def views_of(actor: Actor, page: str) -> list[SavedView]:
    """Return a person's views of a page, by name."""
    found: list[SavedView] = await SavedView.filter(person=actor.person, page=page).order_by("name", "id")
    return found


@unit_of_work
async def save_view(name: str, *, page: str, query: str, by: Actor, now: datetime) -> SavedView:
    """Save a page's query under a name; saving it again replaces the query. Raises TooManyViews."""
    mine = SavedView.filter(person=by.person, page=page)
    view = await mine.get_or_none(name=name)
    if view is None and await mine.count() >= MOST:
        raise TooManyViews
    saved, _ = await SavedView.update_or_create(
        {"query": query, "saved_at": now}, person=by.person, page=page, name=name
    )
    return saved


@unit_of_work
async def rename_view(view_id: UUID, name: str, *, by: Actor) -> SavedView:
    """Rename a view; raises NoSuchThing, ViewNameTaken."""
    view = await _own(view_id, by=by)
    if await SavedView.filter(person=by.person, page=view.page, name=name).exclude(id=view.id).exists():
        raise ViewNameTaken
    view.name = name
    await view.save(update_fields=["name"])
    return view


@unit_of_work
async def delete_view(view_id: UUID, *, by: Actor) -> SavedView:
    """Delete a view; raises NoSuchThing for another's."""
    view = await _own(view_id, by=by)
    await view.delete()
    return view


async def _own(view_id: UUID, *, by: Actor) -> SavedView:
    view = await SavedView.get_or_none(id=view_id, person=by.person)
    if view is None:
        raise NoSuchThing
    return view
