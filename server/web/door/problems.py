"""Refusals as problem documents (RFC 9457), with a code, Chinese words and whether to retry."""

from contextlib import suppress
from typing import Any

import structlog
from msgspec import UNSET, Struct, UnsetType, json
from sanic import HTTPResponse, Request
from sanic.constants import HTTP_METHODS
from sanic.exceptions import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    RequestCancelled,
    RequestTimeout,
    SanicException,
    ServiceUnavailable,
)
from sanic.handlers import ErrorHandler

from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import AWAY, BUSY, CUT_OFF, Busy, TooMuchAtOnce, away

log = structlog.get_logger(__name__)
CONTENT_TYPE = "application/problem+json"


class FieldProblem(Struct):
    """One invalid field: its JSON path and what is wrong with it."""

    field: str
    message_zh: str


class Problem(Struct, omit_defaults=True):
    """Why a request was refused; `retry` is never, same (repeat as it is) or later."""

    type: str
    title: str
    status: int
    code: str
    message_zh: str
    hint_zh: str
    request_id: str
    retry: str
    fields: list[FieldProblem] | UnsetType = UNSET


class NoSuchMethod(Refusal):
    """The address exists, but not with this HTTP method."""

    status = 405
    message_zh = "这个地址不支持这种操作。"
    hint_zh = "请升级到最新版本后再试。"


class Malformed(Refusal):
    """The bytes are not in the format they claim to be."""

    status = 400
    message_zh = "提交的内容格式有误，无法读取。"
    hint_zh = "请升级到最新版本后重新提交。"


class TooBig(Refusal):
    """The body is larger than this address accepts."""

    status = 413
    message_zh = "提交的内容太大。"
    hint_zh = "照片每张不超过10MB，文字不超过2000字。"


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status = 408
    message_zh = "网络太慢，内容没有传完。"
    hint_zh = "请换个信号好的地方再试，已保存的内容不会丢。"
    retry = "same"


class TookTooLong(Refusal):
    """The answer took more than a minute (Sanic's RESPONSE_TIMEOUT); a unit of work that began still finishes."""

    status = 503
    message_zh = "这次操作用的时间太长，没有等到结果。"
    hint_zh = "请刷新看看是否已经办好，没有办好再重试。"
    retry = "same"


class OurFault(Refusal):
    """An error of ours; the log has it under the request id."""

    status = 500
    message_zh = "系统出了点问题，这次操作没有完成。"
    hint_zh = "请稍后再试；如果一直这样，请把编号告诉改革办。"
    retry = "same"


TRANSLATED: list[tuple[type[BaseException], type[Refusal]]] = [
    (NotFound, NoSuchThing),
    (MethodNotAllowed, NoSuchMethod),
    (PayloadTooLarge, TooBig),
    (RequestTimeout, TooSlow),
    (ServiceUnavailable, TookTooLong),
    (BadRequest, Malformed),
]


def problem_of(refusal: Refusal, *, request_id: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    code = refusal.code()
    return {
        "type": f"/problems/{code}",
        "title": refusal.message_zh,
        "status": refusal.status,
        "code": code,
        "message_zh": refusal.message,
        "hint_zh": refusal.hint,
        "request_id": request_id,
        "retry": refusal.retry,
        **refusal.extra,
    }


def refuse(refusal: Refusal, *, request_id: str) -> HTTPResponse:
    """Answer with a problem document."""
    headers = {"Cache-Control": "no-store"}
    if refusal.retry != "never":
        headers["Retry-After"] = str(refusal.extra.get("retry_after", 2))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = json.encode(problem_of(refusal, request_id=request_id))
    return HTTPResponse(body, status=refusal.status, headers=headers, content_type=CONTENT_TYPE)


def as_refusal(error: BaseException) -> Refusal:
    """Return any exception as a refusal; an unknown one is our fault, logged by its kind, never by its content."""
    if isinstance(error, Refusal):
        return error
    for kind, refusal in TRANSLATED:
        if isinstance(error, kind):
            return refusal()
    if isinstance(error, SanicException) and error.status_code < 500:
        return Malformed()
    if isinstance(error, BUSY):
        return Busy()
    if isinstance(error, CUT_OFF):
        log.warning("statement_stopped")
        return TooMuchAtOnce()
    if isinstance(error, AWAY):  # a database query outside any unit of work
        log.warning("database_away", kind=type(error).__name__)
        return away(error)
    return OurFault()


def _methods(request: Request) -> list[str]:
    """Return the methods an address accepts; Sanic itself loses them where there is more than one."""
    found = []
    for method in HTTP_METHODS:
        with suppress(NotFound, MethodNotAllowed):
            request.app.router.get(request.path, str(method), request.headers.get("host"))
            found.append(str(method))
    return found


class Refusals(ErrorHandler):
    """The error handler of last resort: JSON for phones, a page where people look (`refusal_pages`, by path)."""

    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        """Render any exception that reached the edge."""
        if isinstance(exception, RequestCancelled):
            return HTTPResponse(status=499)
        refusal = as_refusal(exception)
        if isinstance(refusal, OurFault):
            log.error(
                "our_fault", request_id=str(request.id), kind=type(exception).__name__, exc_info=exception
            )
        for start, show in getattr(request.app.ctx, "refusal_pages", {}).items():
            if request.path.startswith(start):
                page: HTTPResponse = show(request, refusal)
                return page
        answer = refuse(refusal, request_id=str(request.id))
        if isinstance(exception, MethodNotAllowed):
            answer.headers["Allow"] = ", ".join(_methods(request))  # RFC 9110, section 15.5.6
        return answer
