"""Renaming and moving organisations in the tree; numbers and codes stay the same."""

from tortoise import connections
from tortoise.expressions import Q

from models import Organisation, Person
from server import journal
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work

LONGEST_SHORT = 20
MOVE = """UPDATE organisation SET path = $2 || substr(path, length($1) + 1)
WHERE substr(path, 1, length($1)) = $1"""


class OrganisationNameTaken(Refusal):
    """Another unit already has this name or code."""

    status = 409
    message_zh = "已经有同名或同代码的单位。"
    hint_zh = "请换一个名称或代码。"


class MovedUnderItself(Refusal):
    """A unit can't be placed below itself or one of its own subordinates."""

    status = 409
    message_zh = "单位不能放到自己的下级单位下面。"
    hint_zh = "请选择另一个上级单位。"


async def check_free(*names: str, code: str = "", besides: Organisation | None = None) -> None:
    """Raise OrganisationNameTaken if another unit has the code, the full name or the short name."""
    short = [
        name for name in names if len(name) <= LONGEST_SHORT
    ]  # Tortoise refuses to look for a longer one
    same = Q(name__in=names) | Q(short_name__in=short) | Q(code=code)
    found = Organisation.filter(same).exclude(id=besides.id) if besides else Organisation.filter(same)
    if await found.exists():
        raise OrganisationNameTaken


@unit_of_work
async def rename_organisation(unit: Organisation, *, name: str, short_name: str, by: Person) -> Organisation:
    """Rename a unit; the journal keeps the old name. Raises OrganisationNameTaken."""
    locked = await Organisation.select_for_update().get(id=unit.id)
    await check_free(name, short_name, besides=locked)
    before = locked.name
    locked.name, locked.short_name = name, short_name
    await locked.save(update_fields=["name", "short_name"])
    await journal.record("organisation.renamed", locked, by=by, before=before, name=name)
    return locked


@unit_of_work
async def move_organisation(unit: Organisation, *, below: Organisation, by: Person) -> Organisation:
    """Move a unit and everything below it under another unit; raises MovedUnderItself."""
    both = await Organisation.filter(id__in=[unit.id, below.id]).order_by("id").select_for_update()
    moved, parent = (next(one for one in both if one.id == wanted.id) for wanted in (unit, below))
    if parent.path.startswith(moved.path):
        raise MovedUnderItself
    path = f"{parent.path}{moved.code}/"
    await connections.get("default").execute_query(MOVE, [moved.path, path])
    moved.path, moved.parent = path, parent
    await moved.save(update_fields=["path", "parent_id"])
    await journal.record("organisation.moved", moved, by=by, name=moved.name, below=parent.name)
    return moved
