"""Values in words for pages: dates as people say them, time left, places and grades explained. Pure."""

from datetime import date, datetime

from models import Observation
from models.vocabulary import PlaceGrade, PlaceSource
from server.kernel.clock import SHANGHAI
from server.kernel.workdays import WEEKDAYS, Calendar, time_left

GRADES = {
    PlaceGrade.A: "定位准确，且在任务点位的范围以内。",
    PlaceGrade.B: "定位准确，但没有点位可以核对；或在点位范围的误差以内。",
    PlaceGrade.C: "定位误差较大或没有误差数据，请结合照片和文字判断。",
    PlaceGrade.D: "上报时没有定位，请结合照片和文字判断。",
}
SOURCES = {
    PlaceSource.GPS: "手机定位",
    PlaceSource.MAP: "上报人在地图上选点",
    PlaceSource.EXIF: "照片自带的位置",
}


def moment(instant: datetime | None) -> str:
    """Return an instant as the office reads it: 11月22日 10:05."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def clock_time(instant: datetime | None) -> str:
    """Return an instant of today: 10:05."""
    return f"{instant.astimezone(SHANGHAI):%H:%M}" if instant else ""


def full_moment(instant: datetime | None) -> str:
    """Return an instant in full: 2026年11月22日 10:05:12."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"


def day_of(instant: datetime | None) -> str:
    """Return only the day of an instant, for readers who may not know the time: 11月22日."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def day(value: date | None) -> str:
    """Return a day in full: 2026年12月31日(周四)."""
    if value is None:
        return ""
    return f"{value.year}年{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def short_day(value: date | None) -> str:
    """Return a day for a table: 2026-12-31."""
    return value.isoformat() if value else ""


def promise_left(promised_on: date, *, today: date, calendar: Calendar) -> tuple[str, str]:
    """Return the time left until a promised day ends, in words, with its official colour: red, blue or none."""
    words = time_left(today, promised_on, calendar=calendar)
    return words, "red" if promised_on < today else "blue" if promised_on == today else ""


def coordinates(observation: Observation) -> str:
    """Return a position in degrees with its datum; empty without a place."""
    if observation.latitude is None or observation.longitude is None or observation.datum is None:
        return ""
    return f"{degrees(observation.latitude, observation.longitude)}（{observation.datum.label}坐标）"


def degrees(latitude: float, longitude: float) -> str:
    """Return a position in degrees, north and east as in 38.48720°N 106.23090°E."""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.5f}°{north} {abs(longitude):.5f}°{east}"


def place_words(observation: Observation) -> str:
    """Return how a position was obtained and how exact it is."""
    if observation.place_source is None:
        return ""
    source = SOURCES[observation.place_source]
    if observation.accuracy_m is None or observation.accuracy_m <= 0:
        return f"{source}，没有误差数据"
    return f"{source}，误差约{observation.accuracy_m:.0f}米"


OUTCOMES = {
    "sent": "已发出",
    "later": "对方暂时不接收，稍后再发",
    "unknown": "没有等到结果，可能已经收到",
    "refused": "对方没有订阅，或订阅次数已用完",
    "no_address": "没有可用的联系方式",
    "ours": "对方系统不接受",
    "late": "到截止时间仍未发出",
    "delivered": "已送达",
}


def read_moment(written: str) -> datetime:
    """Return an instant that was stored as text."""
    return datetime.fromisoformat(written)
