"""Sends requests for a thing to a route, and classifies the answers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from msgspec import inspect
from sanic_routing import Route

from models import Person
from models.vocabulary import SessionChannel
from server import photos
from server.kernel.clock import business_date
from server.people.sessions import open_session
from server.web.door.reading import Invalid
from tests.access.city import NOON, Belongings, City
from tests.access.forms import FORMS, NEVER_YET, QUERIES
from tests.conftest import a_picture, sha256

# Address parts that name no thing, or one that does not exist.
NOBODYS: dict[str, Any] = {
    "base_version": NEVER_YET,
    "number": "99999-99999",
    "code": "ZZZZZZZZZZ",
    "page_number": 1,
    "policy": "promises",
    "subject_kind": "meeting",
}
NOBODYS |= {"name": "0" * 64, "digest": "0" * 12, "path": "console.css", "address": "0" * 64 + "-5"}
NOBODYS_PICTURE = a_picture("pink")
ENDS_SESSIONS = re.compile("sessions/|sign-out|invitations/")
OF_A_LETTER = re.compile("/api/v1/letters/.*/(pages/1|pdf)$")
NO_LINK = f"to=aes.k1.{'0' * 80}"  # a sealed link that nobody was given
RENDITIONS = {  # whose picture an address shows: the name of its id among one's belongings
    "evidence/": "evidence_id",
    "released/": "released_id",
    "findings/": "finding_id",
    "reply-photos/": "reply_photo_id",
}
OPEN, UNSIGNED, FORBIDDEN, HIDDEN = "+", "!", "-", "0"


async def ask(
    city: City, route: Route, method: str, *, who: Person | None, thing: Any, query: str = ""
) -> httpx.Response:
    """Send one person's request for one thing (None for one that does not exist); `query` narrows a list."""
    picture = thing.picture if thing else NOBODYS_PICTURE
    address = _address(city, f"/{route.path}", thing=thing, digest=sha256(picture))
    order: dict[str, Any] = {"headers": await _headers(city, route, who)}
    declared = getattr(route.ctx, "operation", None)
    if declared and declared.body:
        order["json"] = a_body(inspect.type_info(declared.body))
    elif declared and declared.upload:
        order["files"] = {declared.upload: ("p.jpg", picture, "image/jpeg")}
    elif method == "POST" and not declared:
        order["data"] = _filled(FORMS.get(f"{method} /{route.path}", {}), thing, own=city.own(who))
    if query := QUERIES.get(f"{method} /{route.path}"):
        order["params"] = _filled(query, thing, own=city.own(who))
    address += f"?{query}" if query else ""
    city.line.cookies.clear()
    answer = await city.line.request(method, address, **order)
    is_unread = "data" in order and "<" in route.path and Invalid.message_zh in answer.text
    assert not is_unread, f"forms.py does not fill the form of {route.path}"
    if ENDS_SESSIONS.search(route.path):
        city.tokens.clear()
    return answer


def meaning(answer: httpx.Response) -> str:
    """Classify an answer: let in, not signed in, not within the duty, or as if the thing did not exist."""
    is_told_of_faults = answer.request.url.path == "/deep"  # 503 as no worker runs here
    assert answer.status_code < 500 or is_told_of_faults, answer.text
    assert answer.status_code != 429, answer.text
    is_sent_away = answer.is_redirect and "/console/sign-in" in answer.headers["location"]
    is_told = "not_signed_in" in answer.text or answer.request.method == "HEAD"  # HEAD has no body
    is_refused = answer.status_code == 401 and is_told
    if is_refused or (is_sent_away and "set-cookie" not in answer.headers):
        return UNSIGNED
    if answer.status_code == 403:
        return FORBIDDEN
    return HIDDEN if answer.status_code == 404 else OPEN


def bare(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """Return an answer without what differs from request to request."""
    request_id = (
        answer.json().get("request_id", "") if "json" in answer.headers.get("content-type", "") else ""
    )
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "set-cookie")}
    return answer.status_code, answer.text.replace(request_id or "\0", ""), headers


async def _headers(city: City, route: Route, who: Person | None) -> dict[str, str]:
    headers = {"idempotency-key": str(uuid4()), "origin": city.office.base_url}
    if who is None:
        return headers
    channel = route.ctx.guard.channel or SessionChannel.PHONE
    if (who.id, channel) not in city.tokens:
        city.tokens[who.id, channel] = await open_session(who, channel=channel, now=city.office.watch.now())
    token = city.tokens[who.id, channel]
    if channel is SessionChannel.CONSOLE:
        return headers | {"cookie": f"console={token}"}
    return headers | {"authorization": f"Bearer {token}"}


def _filled(fields: dict[str, Any], thing: Belongings | None, *, own: Belongings | None) -> dict[str, Any]:
    """Return a form's fields with the ids of the thing (or of none), and of the person's own thing where required."""
    ids = {f"<own_{name}>": one for name, one in own.ids.items()} if own else {}
    ids |= {f"<{name}>": one for name, one in thing.ids.items()} if thing else {}
    return {_told(name, ids): _told(value, ids) for name, value in fields.items()}


def _told(word: Any, ids: dict[str, Any]) -> Any:
    """Replace placeholders in angle brackets."""
    return re.sub("<[a-z_]+>", lambda found: str(ids.get(found[0], uuid4())), str(word))


def _address(city: City, path: str, *, thing: Any, digest: str) -> str:
    """Return the path with its placeholders filled; a rendition's also has the link made for the thing's owner."""
    ids = NOBODYS | {"sha256": digest} | (thing.ids if thing else {})
    for part, name in RENDITIONS.items():
        if part in path and name in ids:
            ids["rendition_id"] = ids[name]
    for place in re.findall(r"<[^>]+>", path):
        path = path.replace(place, str(ids.get(place[1:].partition(":")[0], uuid4())))
    if "/checks/pictures/" in path:  # the link of a check that nobody requested
        return f"{path}?until={2**31}&seal={'0' * 40}"
    if OF_A_LETTER.search(path):
        return f"{path}?{NO_LINK}"
    if "/api/v1/renditions/" not in path:
        return path
    if thing:
        keys, now = city.office.tools.keys, city.office.watch.now()
        return photos.link(thing.rendition, to=thing.person, now=now, keys=keys)
    return f"{path}?{NO_LINK}"


def a_body(kind: inspect.Type) -> Any:
    """Return a minimal value of a type; a version is always one that nobody has reached."""
    match kind:
        case inspect.StructType():
            wanted = [one for one in kind.fields if one.required]
            return {
                one.encode_name: NEVER_YET if one.name == "version" else a_body(one.type) for one in wanted
            }
        case inspect.ListType(item_type=item, min_length=least):
            return [a_body(item) for _ in range(least or 0)]
        case inspect.Metadata():
            return a_body(kind.type)
        case inspect.UnionType():
            return a_body(kind.types[0])
    return _a_word(kind)


def _a_word(kind: inspect.Type) -> Any:
    match kind:
        case inspect.StrType(pattern=pattern, min_length=least):
            return "0" * 64 if pattern and "64" in pattern else "字" * max(6, least or 0)
        case inspect.IntType(ge=least) | inspect.FloatType(ge=least):
            return least or 0
        case inspect.EnumType(cls=words):
            return next(iter(words)).value
    plain = {
        inspect.BoolType: True,
        inspect.UUIDType: str(uuid4()),
        inspect.DictType: {},
        inspect.DateTimeType: f"{NOON.isoformat()}",
    }
    plain[inspect.DateType] = (business_date(datetime.now(UTC)) + timedelta(days=30)).isoformat()
    return plain[type(kind)]  # a KeyError means: teach this function a type that a body now has
