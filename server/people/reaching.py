"""The organisations within an actor's reach, as a condition of the query itself."""

from tortoise.expressions import Q

from models.vocabulary import Scope
from server.people.duties import Permission
from server.people.sessions import Actor


def within(actor: Actor, permission: Permission, *fields: str) -> Q:
    """Select the rows of organisations that a permission reaches, through any of the relations `fields`.

    Without fields the rows are organisations themselves. Handles the scopes about organisations: all, subtree and
    unit. Raises NotAllowed.
    """
    found = Q(id__isnull=True)
    for reach in actor.reaches(permission):
        for field in fields or ("",):
            if reach.scope is Scope.ALL:
                found |= Q(id__isnull=False)
            elif reach.scope is Scope.SUBTREE and reach.organisation_path:
                path = f"{field}__path__startswith" if field else "path__startswith"
                found |= Q(**{path: reach.organisation_path})
            elif reach.scope is Scope.UNIT and reach.organisation_id:
                found |= Q(**{f"{field}_id" if field else "id": str(reach.organisation_id)})
    return found
