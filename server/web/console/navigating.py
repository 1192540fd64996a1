"""Navigation: the parts of the console that an actor's duties open."""

from dataclasses import dataclass, replace

from server.people import HeldDuty, Permission, may


@dataclass(frozen=True)
class Place:
    """A navigation entry; `permission` None means that any signed-in person may go there."""

    path: str
    label: str
    icon: str
    group: str  # the heading it stands under; the home page stands under none
    permission: Permission | None
    is_here: bool = False


OBLIGATIONS = "/console/obligations"
BESIDE = (
    "/console/meetings",
    "/console/month-reports",
    "/console/duty-sheets",
    "/console/topic-calls",
    "/console/cadences",
)
PLACES = [
    Place("/console", "工作台", "home", "", None),
    Place("/console/review", "审核", "inbox", "办理", Permission.REVIEW_OBSERVATIONS),
    Place("/console/contents", "内容安全", "shield-check", "办理", Permission.REVIEW_OBSERVATIONS),
    Place("/console/ledger", "台账", "list-numbers", "办理", Permission.SEE_LEDGER),
    Place("/console/cases", "转办件", "mail-forward", "办理", Permission.TELL_UNITS),
    Place("/console/problems", "问题库", "alert-triangle", "督察", Permission.SEE_PROBLEMS),
    Place(OBLIGATIONS, "定期任务", "checklist", "督察", Permission.SEE_OBLIGATIONS),
    Place("/console/missions", "督察任务", "map-pin", "督察", Permission.SEE_MISSIONS),
    Place("/console/team", "督察队员", "user-shield", "督察", Permission.SEE_TEAM),
    Place("/console/tasks", "任务清单", "checklist", "督察", Permission.SEE_TASKS),
    Place("/console/site-visits", "观摩评议", "bus", "观摩", Permission.SEE_SCORING),
    Place("/console/letters", "函件", "printer", "函件", Permission.SEE_LETTERS),
    Place("/console/reminders", "提醒", "clock", "函件", Permission.SEE_REMINDERS),
    Place("/console/cockpit", "驾驶舱", "chart-bar", "统计", Permission.SEE_LEDGER),
    Place("/console/map", "点位图", "map-2", "统计", Permission.SEE_SOURCES),
    Place("/console/exports", "导出", "file-export", "统计", Permission.SEE_LEDGER),
    Place("/console/exports", "导出", "file-export", "统计", Permission.SEE_PEOPLE),
    Place("/console/people", "组织与人员", "users", "设置", Permission.SEE_PEOPLE),
    Place("/console/reasons", "理由目录", "message-question", "设置", Permission.KEEP_REASONS),
    Place("/console/templates", "文书模板", "pencil", "设置", Permission.SEE_TEMPLATES),
    Place("/console/policies", "业务规则", "bookmark", "设置", Permission.SEE_POLICIES),
    Place("/console/calendar", "日历", "calendar", "设置", Permission.LOAD_CALENDAR),
    Place("/console/sealing", "密封上报", "key", "设置", Permission.SEE_SEALING),
    Place("/console/journal", "日志", "history", "设置", Permission.SEE_JOURNAL),
]


def places_for(duties: list[HeldDuty], *, path: str) -> list[Place]:
    """Return the places that these duties open, group after group, with the one that `path` belongs to marked."""
    opened = [place for place in PLACES if place.permission is None or may(duties, place.permission)]
    once = {place.path: place for place in reversed(opened)}  # a place that two duties open appears once
    return [replace(place, is_here=_belongs(path, place)) for place in opened if once[place.path] is place]


def _belongs(path: str, place: Place) -> bool:
    if place.path == "/console":
        return path.rstrip("/") == place.path
    if place.path == OBLIGATIONS and path.startswith(BESIDE):
        return True
    return path == place.path or path.startswith(f"{place.path}/")


def safe_way_back(wanted: str) -> str:
    """Return `wanted` if it is an address of the console, else the home page; never another site."""
    is_ours = wanted == "/console" or wanted.startswith(("/console/", "/console?"))
    is_plain = wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    return wanted if is_ours and is_plain and not wanted.startswith("/console/sign-") else "/console"
