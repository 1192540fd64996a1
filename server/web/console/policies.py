"""Policies on the console: the rules in force, their history, a dry run on last month's data, and the change."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import people, policies
from server.kernel.refusal import NoSuchThing
from server.people import Permission
from server.policies import NewPolicy, PolicyKind
from server.web.console.pages import go_to, page
from server.web.console.policy_forms import content_in, groups_of
from server.web.console.reading_forms import typed_words
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of
from server.web.door.reading import read_value

blueprint = Blueprint("console_policies", url_prefix="/policies")

SEE = desk(Permission.SEE_POLICIES)
KEEP = desk(Permission.KEEP_POLICIES, csrf=True)
HERE = "/console/policies"


class Change(Struct, frozen=True, kw_only=True):
    """The version that was on the screen, and why it is changed."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    why: Annotated[str, Meta(min_length=2, max_length=200)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_policies(request: Request) -> HTTPResponse:
    """Show every policy as it is in force."""
    now = await policies.policies_now()
    return await page(request, "policies/list.html", found=[(one, groups_of(one.content)) for one in now])


@blueprint.get("/<policy:str>", name="one", ctx_guard=SEE)
async def show_policy(request: Request, policy: str) -> HTTPResponse:
    """Show one policy with its history and, for people who may change it, the form."""
    now, history = await policies.policy_now(policy), await policies.history_of(policy)
    return await page(
        request,
        "policies/policy.html",
        policy=now,
        groups=groups_of(now.content, with_new=True),
        history=[(one, groups_of(one.content)) for one in history],
        authors=await people.designations_of(one.by_id for one in history if one.by_id),
    )


@blueprint.post("/<policy:str>/trial", name="try", ctx_guard=KEEP)
async def try_policy(request: Request, policy: str) -> HTTPResponse:
    """Say what the typed rules would have meant for last month; nothing is changed."""
    kind, typed = _kind(policy), typed_words(request)
    before = await policies.policy_now(policy)
    content = content_in(typed, kind)
    said = await policies.try_policy(content, before=before.content, now=tools_of(request).clock.now())
    return await page(request, "policies/trial.html", said=said, policy=before)


@blueprint.post("/<policy:str>", name="change", ctx_guard=KEEP)
async def change_policy(request: Request, policy: str) -> HTTPResponse:
    """Change a policy from now on; what was decided under it stays."""
    kind, typed = _kind(policy), typed_words(request)
    asked = read_value({name: typed.get(name, "") for name in ("version", "why")}, Change, strict=False)
    await policies.change_policy(
        policy,
        version=asked.version,
        new=NewPolicy(content_in(typed, kind), asked.why),
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"{HERE}/{policy}")


def _kind(code: str) -> PolicyKind:
    kind = policies.kind_named(code)
    if kind is None:
        raise NoSuchThing
    return kind
