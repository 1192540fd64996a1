"""Parsing a typed route: one stop per line, its points after a colon, separated by semicolons. Pure.

    市民大厅一楼（106.23090,38.48720）：叫号机正常；高峰窗口数#；办事指南一致*

The brackets hold the position, in degrees as a map gives them; in this country longitude is always the larger.
A point that ends in # expects a number, in ? words; * requires a photo.
"""

import re

from models.vocabulary import Datum, QuestionKind
from server.kernel.refusal import Refusal
from server.team import NewQuestion, NewStop
from server.team.planning import Where

COLONS, SEMICOLONS = re.compile(r"[:：]"), re.compile(r"[;；]")
KINDS = {"#": QuestionKind.NUMBER, "＃": QuestionKind.NUMBER, "?": QuestionKind.TEXT, "？": QuestionKind.TEXT}
DEGREES = re.compile(r"[(（]\s*(\d{1,3}\.\d+)\s*[,，、\s]\s*(\d{1,3}\.\d+)\s*[)）]$")
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)
MOST_STOPS, MOST_POINTS, LONGEST = 20, 30, 120


class RouteNotRead(Refusal):
    """A line of a typed route is too short, too long or one too many; the refusal names it."""

    status = 422
    message_zh = "路线没有填对。"
    hint_zh = "每行一个点位，写作“地点：检查项；检查项”，地点和检查项各2到120个字，最多20个点位、每处30项。"


def typed_stops(text: str, datum: Datum) -> list[NewStop]:
    """Return the stops of a route in order, positions in `datum`. Raises RouteNotRead naming the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 1 <= len(lines) <= MOST_STOPS:
        raise RouteNotRead(f"路线要有1到{MOST_STOPS}个点位。")
    return [_stop(line, datum) for line in lines]


def _stop(line: str, datum: Datum) -> NewStop:
    place, *rest = COLONS.split(line, maxsplit=1)
    place, where = _where(place.strip(), datum)
    points = [one.strip() for one in SEMICOLONS.split(rest[0]) if one.strip()] if rest else []
    questions = [_question(one) for one in points]
    texts = [place.strip(), *(one.text for one in questions)]
    if len(questions) > MOST_POINTS or not all(2 <= len(one) <= LONGEST for one in texts):
        raise RouteNotRead(f"这一行没有填对：{line[:40]}。")
    return NewStop(place.strip(), where, questions=questions)


def _where(place: str, datum: Datum) -> tuple[str, Where | None]:
    """Return a place's name without the degrees, and its position. Raises RouteNotRead if the position is not here."""
    found = DEGREES.search(place)
    if found is None:
        return place, None
    latitude, longitude = sorted((float(found[1]), float(found[2])))
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        hint = "请写作“地点（106.2309,38.4872）”，经度和纬度用逗号隔开。"
        raise RouteNotRead(f"坐标不在国内：{place[:40]}。", hint=hint)
    return place[: found.start()].strip(), Where(latitude, longitude, datum)


def _question(point: str) -> NewQuestion:
    bare = point.rstrip("*＊#＃?？").strip()
    marks = point[len(bare) :]
    kind = next((KINDS[mark] for mark in marks if mark in KINDS), QuestionKind.PASS_FAIL)
    return NewQuestion(bare, kind, needs_photo="*" in marks or "＊" in marks)
