"""Refusals on the console: a page, a notice on the current page, or a redirect to the sign-in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from sanic import HTTPResponse, Request
from sanic.response import redirect

from server.kernel.refusal import Refusal
from server.web.console.navigating import safe_way_back
from server.web.console.pages import is_part, page

SIGN_IN = "/console/sign-in"
LABELS = {
    "aggregation": "计分方法",
    "closes": "结束时间",
    "code": "编码",
    "comment_below": "低于多少分要写意见",
    "days": "工作日",
    "deed": "做什么",
    "designation": "称呼",
    "decision": "决定",
    "due_on": "期限",
    "fence_m": "范围",
    "group": "评审组",
    "held_on": "观摩日期",
    "high": "最高分",
    "into": "并入的编号",
    "kind": "类别",
    "label": "名称",
    "lead_unit": "牵头单位",
    "least_dwell_min": "最少停留",
    "light": "亮灯",
    "locks_at": "自动封盘",
    "low": "最低分",
    "merge_below": "合并人数",
    "name": "名称",
    "office_id": "改革办",
    "next_review_on": "复核日期",
    "next_step": "下一步",
    "narrow_because": "转办理由",
    "note": "留号说明",
    "opens": "开始时间",
    "organisation_id": "单位",
    "percent": "完成比例",
    "people": "观察员",
    "photo_id": "照片",
    "place_name": "地点",
    "position": "经纬度",
    "q": "搜索",
    "real_name": "姓名",
    "reason": "理由",
    "reply": "意见",
    "registered_on": "挂号日期",
    "role": "角色",
    "scope": "范围",
    "step": "间隔",
    "summary": "情况说明",
    "task": "任务",
    "text": "情况",
    "todo": "待办",
    "title": "标题",
    "titles": "标题",
    "unit": "单位",
    "until_on": "延至日期",
    "username": "用户名",
    "version": "版本",
    "words": "补充的话",
    "year": "年度",
}


@contextmanager
def blaming(fields: Mapping[type[Refusal], str]) -> Iterator[None]:
    """Let these refusals, raised inside, name the form's field that they are about."""
    try:
        yield
    except tuple(fields) as refusal:
        field = next(name for kind, name in fields.items() if isinstance(refusal, kind))
        refusal.extra["fields"] = [{"field": field, "message_zh": refusal.message}]
        raise


async def show_refusal(request: Request, refusal: Refusal) -> HTTPResponse:
    """Show a refusal, to htmx as a notice beside what was typed, otherwise as a page."""
    if refusal.status == 401:
        return await _to_sign_in(request, refusal)
    if is_part(request):
        return await notice(request, refusal)
    return await page(request, "refusal.html", status=refusal.status, **_said(request, refusal))


async def notice(request: Request, refusal: Refusal) -> HTTPResponse:
    """Return a refusal as a notice; what the person typed stays where it is."""
    headers = {"HX-Retarget": "#notices", "HX-Reswap": "beforeend", "HX-Push-Url": "false"}
    return await page(
        request, "parts/refused.html", status=refusal.status, headers=headers, **_said(request, refusal)
    )


async def _to_sign_in(request: Request, refusal: Refusal) -> HTTPResponse:
    """Ask the person to sign in and return them; an unsent form stays open and the sign-in opens beside it."""
    if is_part(request) and request.method != "GET":
        return await notice(request, refusal)
    if is_part(request):
        here = urlsplit(request.headers.get("hx-current-url", ""))
        back = f"{here.path}?{here.query}" if here.query else here.path
        return HTTPResponse(status=401, headers={"HX-Redirect": _sign_in(back)})
    back = f"{request.path}?{request.query_string}" if request.query_string else request.path
    return redirect(_sign_in(back if request.method == "GET" else ""), status=303)


def _sign_in(back: str) -> str:
    way = safe_way_back(back)
    return SIGN_IN if way == "/console" else f"{SIGN_IN}?next={quote(way, safe='')}"


def _said(request: Request, refusal: Refusal) -> dict[str, Any]:
    fields = refusal.extra.get("fields")
    named = fields if isinstance(fields, list) else []
    return {
        "refusal": refusal,
        "fields": [
            (one["field"], one.get("label_zh") or LABELS.get(one["field"], one["field"]), one["message_zh"])
            for one in named
        ],
        "request_id": str(request.id),
    }
