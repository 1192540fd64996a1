"""Navigation: the parts of the console that an actor's duties open."""

from dataclasses import dataclass

from server.people import HeldDuty, Permission, may


@dataclass(frozen=True)
class Place:
    """A navigation entry; `permission` None means that any signed-in person may go there."""

    path: str
    label: str
    icon: str
    permission: Permission | None
    is_here: bool = False


PLACES = [
    Place("/console", "工作台", "home", None),
    Place("/console/cockpit", "驾驶舱", "chart-bar", Permission.SEE_LEDGER),
    Place("/console/review", "审核", "inbox", Permission.REVIEW_OBSERVATIONS),
    Place("/console/contents", "内容安全", "shield-check", Permission.REVIEW_OBSERVATIONS),
    Place("/console/ledger", "台账", "list-numbers", Permission.SEE_LEDGER),
    Place("/console/letters", "函件", "printer", Permission.SEE_LETTERS),
    Place("/console/map", "点位图", "map-2", Permission.SEE_SOURCES),
    Place("/console/cases", "转办件", "mail-forward", Permission.TELL_UNITS),
    Place("/console/problems", "问题库", "alert-triangle", Permission.SEE_PROBLEMS),
    Place("/console/obligations", "定期任务", "checklist", Permission.SEE_OBLIGATIONS),
    Place("/console/missions", "督察任务", "map-pin", Permission.SEE_MISSIONS),
    Place("/console/site-visits", "观摩评议", "bus", Permission.SEE_SCORING),
    Place("/console/team", "督察队员", "user-shield", Permission.SEE_TEAM),
    Place("/console/exports", "导出", "file-export", Permission.SEE_LEDGER),
    Place("/console/exports", "导出", "file-export", Permission.SEE_PEOPLE),
    Place("/console/tasks", "任务清单", "checklist", Permission.SEE_TASKS),
    Place("/console/people", "组织与人员", "users", Permission.SEE_PEOPLE),
    Place("/console/reasons", "理由目录", "message-question", Permission.KEEP_REASONS),
    Place("/console/templates", "文书模板", "pencil", Permission.SEE_TEMPLATES),
    Place("/console/reminders", "提醒", "clock", Permission.SEE_REMINDERS),
    Place("/console/policies", "业务规则", "bookmark", Permission.SEE_POLICIES),
    Place("/console/calendar", "日历", "calendar", Permission.LOAD_CALENDAR),
    Place("/console/sealing", "密封上报", "key", Permission.SEE_SEALING),
    Place("/console/journal", "日志", "history", Permission.SEE_JOURNAL),
]


def places_for(duties: list[HeldDuty], *, path: str) -> list[Place]:
    """Return the places that these duties open, with the one that `path` belongs to marked."""
    opened = [place for place in PLACES if place.permission is None or may(duties, place.permission)]
    once = {place.path: place for place in reversed(opened)}  # a place that two duties open appears once
    return [
        Place(place.path, place.label, place.icon, place.permission, is_here=_belongs(path, place))
        for place in opened
        if once[place.path] is place
    ]


def _belongs(path: str, place: Place) -> bool:
    if place.path == "/console":
        return path.rstrip("/") == place.path
    return path == place.path or path.startswith(f"{place.path}/")


def safe_way_back(wanted: str) -> str:
    """Return `wanted` if it is an address of the console, else the home page; never another site."""
    is_ours = wanted == "/console" or wanted.startswith(("/console/", "/console?"))
    is_plain = wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    return wanted if is_ours and is_plain and not wanted.startswith("/console/sign-") else "/console"
