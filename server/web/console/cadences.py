"""Cadence rules on the console: what is in force, its history, and changing or adding one with a reason."""

import re
from typing import Annotated, Any

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Organisation
from models.vocabulary import CadencePeriod, OrganisationKind, ProofKind
from server import obligations, people
from server.obligations import Cadences, NewCadence, times_words
from server.packs import CadenceContent, ways_of
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form, typed_words
from server.web.console.refusals import UnitNotKnown
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_cadences", url_prefix="/cadences")

SEE, KEEP = desk(Permission.SEE_OBLIGATIONS), desk(Permission.KEEP_CADENCES, csrf=True)
HERE = "/console/cadences"
NAMES = re.compile(r"[\s,，、;；]+")


class CadenceForm(Struct, frozen=True, kw_only=True):
    """A rule as typed; kinds of units and of proofs come as ticked boxes beside it."""

    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    code: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] = ""
    name: Annotated[str, Meta(min_length=2, max_length=60)]
    period: CadencePeriod
    least: Annotated[int, Meta(ge=1, le=99)]
    most: Annotated[int, Meta(ge=1, le=99)] | None = None
    soon_days: Annotated[int, Meta(ge=0, le=200)] = 7
    measure: Annotated[int, Meta(ge=1, le=20)] | None = None
    basis: Annotated[str, Meta(max_length=300)] = ""
    units: Annotated[str, Meta(max_length=2000)] = ""
    besides: Annotated[str, Meta(max_length=2000)] = ""
    why: Annotated[str, Meta(min_length=2, max_length=200)]
    is_on: bool = False


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_rules(request: Request) -> HTTPResponse:
    """Show every rule as it is in force."""
    rules = await obligations.rules_in_force(_cadences(request))
    return await page(request, "obligations/rules.html", rules=rules, times_words=times_words)


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.KEEP_CADENCES))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a rule of the office's own."""
    return await page(request, "obligations/rule.html", rule=None, history=[], **await _choices(None))


@blueprint.post("/", name="add", ctx_guard=KEEP)
async def add(request: Request) -> HTTPResponse:
    """Add a rule; the present period's obligations open at once."""
    typed, ticked = _typed(request)
    rule = await obligations.add_cadence(
        typed.code or "own",
        new=NewCadence(await _content(typed, ticked), typed.why),
        cadences=_cadences(request),
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"{HERE}/{rule.code}")


@blueprint.get("/<code:str>", name="rule", ctx_guard=SEE)
async def show_rule(request: Request, code: str) -> HTTPResponse:
    """Show one rule with its history and, for people who may change it, the form."""
    rule = await obligations.rule_named(code, _cadences(request))
    history = await obligations.history_of(code, _cadences(request))
    authors = await people.designations_of(one.by_id for one in history if one.by_id)
    return await page(
        request,
        "obligations/rule.html",
        rule=rule,
        history=history,
        authors=authors,
        **await _choices(rule.content),
    )


@blueprint.post("/<code:str>", name="change", ctx_guard=KEEP)
async def change(request: Request, code: str) -> HTTPResponse:
    """Change a rule; obligations that have opened stay as they were asked."""
    typed, ticked = _typed(request)
    await obligations.change_cadence(
        code,
        version=typed.version,
        new=NewCadence(await _content(typed, ticked), typed.why),
        cadences=_cadences(request),
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"{HERE}/{code}")


def _typed(request: Request) -> tuple[CadenceForm, set[str]]:
    """Return the form and the names of its ticked boxes."""
    ticked = {name for name in typed_words(request) if name.startswith(("kind-", "proof-"))}
    return read_form(request, CadenceForm), ticked


async def _content(typed: CadenceForm, ticked: set[str]) -> CadenceContent:
    return CadenceContent(
        name=typed.name,
        period=typed.period,
        proofs=tuple(one for one in ProofKind if f"proof-{one.value}" in ticked),
        kinds=tuple(one for one in OrganisationKind if f"kind-{one.value}" in ticked),
        organisations=await _codes(typed.units),
        excluded=await _codes(typed.besides),
        least=typed.least,
        most=typed.most,
        soon_days=typed.soon_days,
        measure=typed.measure,
        basis=typed.basis,
        is_on=typed.is_on,
    )


async def _codes(names: str) -> tuple[str, ...]:
    """Return the codes of organisations named in full or in short; raises UnitNotKnown."""
    wanted = [name for name in NAMES.split(names) if name]
    known = await Organisation.filter(closed_on=None)
    codes = {one.name: one.code for one in known} | {one.short_name: one.code for one in known}
    if strange := [name for name in wanted if name not in codes]:
        raise UnitNotKnown(f"没有叫“{strange[0]}”的单位。")
    return tuple(dict.fromkeys(codes[name] for name in wanted))


async def _choices(content: CadenceContent | None) -> dict[str, Any]:
    named = {*content.organisations, *content.excluded} if content else set()
    known = {one.code: one.short_name for one in await Organisation.filter(code__in=named)}

    def named_as(codes: tuple[str, ...]) -> str:
        return "、".join(
            known.get(code, code) for code in codes
        )  # a pack may name a unit that is not entered yet

    return {
        "periods": list(CadencePeriod),
        "kinds": list(OrganisationKind),
        "proofs": list(ProofKind),
        "units": named_as(content.organisations) if content else "",
        "besides": named_as(content.excluded) if content else "",
        "times_words": times_words,
        "measures": range(1, 21),
    }


def _cadences(request: Request) -> Cadences:
    return ways_of(tools_of(request).settings.city_pack).cadences
