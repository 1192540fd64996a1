"""Actions on ledger items from phones: each is a sub-resource of the item and is done once under its key."""

from collections.abc import Awaitable, Callable
from inspect import getdoc
from uuid import UUID

from sanic import Blueprint, Request

from server import ledger
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger import ItemAction, Result
from server.ledger.commands import Deed
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, operation
from server.web.miniapp.item_cards import GivenBack, StepTaken, given_back
from server.web.miniapp.ledger_cards import Split, StepDone

blueprint = Blueprint("ledger_deeds")
Act = Callable[[], Awaitable[Result]]


def item_action(action: ItemAction) -> None:
    """Declare an action: POST to a sub-resource of the item, done once under its key."""
    kept, keep = KEPT.get(action.code, (StepTaken, _step_taken))

    async def handle(request: Request, item_id: UUID, command: Deed) -> Done:
        async def act() -> Result:
            now = tools_of(request).clock.now()
            return await action.verb(item_id, command, by=actor_of(request), now=now)

        return await keep(request, item_id, act)

    handle.__name__ = action.operation
    handle.__doc__ = (getdoc(action.verb) or "").partition("\n\n")[0]
    operation(
        blueprint,
        "POST",
        f"/ledger-items/<item_id:uuid>/{action.noun}",
        summary=action.label,
        guard=phone(action.permission),
        body=action.command,
        answers={201: Split if kept is Split else StepDone},
        keyed=kept,
        refusals=(WrongStep, StaleItem, *action.refusals),
    )(handle)


async def _step_taken(_: Request, item_id: UUID, act: Act) -> Done:
    return StepTaken(item_id, (await act()).missing)


async def _given_back(request: Request, item_id: UUID, act: Act) -> Done:
    seen = await ledger.item_seen_by(actor_of(request), item_id)
    return await given_back(request, seen, (await act()).item)


async def _split(_: Request, __: UUID, act: Act) -> Done:
    return Split([child.number_text for child in (await act()).children])


Keep = Callable[[Request, UUID, Act], Awaitable[Done]]
KEPT: dict[str, tuple[type[Done], Keep]] = {
    "return_back": (GivenBack, _given_back),
    "split": (Split, _split),
}

for one in ledger.addressed():
    if one.operation:
        item_action(one)
