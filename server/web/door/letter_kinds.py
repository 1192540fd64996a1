"""The kinds of letters of the city that this server serves."""

from sanic import Request

from server import letters
from server.letters import Kinds
from server.web.door.admission import tools_of


def letter_kinds(request: Request) -> Kinds:
    """Return the kinds that the city pack declares."""
    return letters.kinds_of(tools_of(request).settings.city_pack)
