"""Going on after a deed: to the page that shows what was done, for a browser and for htmx alike."""

from sanic import HTTPResponse, Request
from sanic.response import redirect

from server.web.console.pages import is_part


def go_to(request: Request, address: str) -> HTTPResponse:
    """Lead to an address of the console."""
    if is_part(request):
        return HTTPResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address, status=303)
