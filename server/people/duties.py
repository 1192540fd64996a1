"""Permissions by role: one table of role × permission with its scope. Whatever it does not list is denied.

The console shows this table as a page (ADM-02); the access tests are generated from it.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.vocabulary import Role, Scope, Word
from server.kernel.refusal import Refusal


class Permission(Word):
    """Something a person may or may not do."""

    SUBMIT_OBSERVATION = "submit_observation", "提交现场观察"
    SEND_PHOTOS = "send_photos", "上传照片"
    SEE_OBSERVATIONS = "see_observations", "查看现场观察"
    REVIEW_OBSERVATIONS = "review_observations", "审核现场观察"
    SEE_TASKS = "see_tasks", "查看年度任务清单"
    IMPORT_TASKS = "import_tasks", "导入年度任务清单"
    SEE_LEDGER = "see_ledger", "查看台账"
    SEE_SOURCES = "see_sources", "查看上报的时间和位置"
    HANDLE_ITEMS = "handle_items", "签收办理事项"
    DECIDE_ITEMS = "decide_items", "分办和审核事项"
    TELL_UNITS = "tell_units", "编写转办件"
    SEE_CASES = "see_cases", "查看转办件"
    ANSWER_CASES = "answer_cases", "答复转办件"
    SEE_LETTERS = "see_letters", "查看函件"
    SEE_LETTER_REGISTER = "see_letter_register", "查看发文登记簿"
    DRAFT_LETTERS = "draft_letters", "起草函件和审核反馈"
    SIGN_LETTERS = "sign_letters", "签发函件"
    ANSWER_LETTERS = "answer_letters", "签收和反馈函件"
    SEE_PROBLEMS = "see_problems", "查看问题库"
    KEEP_PROBLEMS = "keep_problems", "归集研判问题"
    DECIDE_PROBLEMS = "decide_problems", "登记深改委决定"
    SEE_TEAM = "see_team", "查看督察队伍"
    MANAGE_TEAM = "manage_team", "管理督察队伍"
    SEE_MISSIONS = "see_missions", "查看督察任务"
    PLAN_MISSIONS = "plan_missions", "组织督察任务"
    GO_ON_MISSIONS = "go_on_missions", "执行督察任务"
    SCORE = "score", "打分评议"
    SEE_SCORING = "see_scoring", "查看打分评议的进度和结果"
    RUN_SCORING = "run_scoring", "组织打分评议"
    SEE_PEOPLE = "see_people", "查看组织与人员"
    MANAGE_PEOPLE = "manage_people", "管理组织与人员"
    KEEP_REASONS = "keep_reasons", "维护理由目录"
    SEE_TEMPLATES = "see_templates", "查看文书模板"
    KEEP_TEMPLATES = "keep_templates", "维护文书模板"
    SEE_REMINDERS = "see_reminders", "查看提醒和送达情况"
    KEEP_REMINDERS = "keep_reminders", "维护提醒规则"
    SEE_POLICIES = "see_policies", "查看业务规则"
    KEEP_POLICIES = "keep_policies", "维护业务规则"
    SEE_OBLIGATIONS = "see_obligations", "查看定期任务、会议和报告"
    HAND_IN = "hand_in", "上交定期任务的佐证材料"
    CALL_TOPICS = "call_topics", "征集选题和登记宣传作品"
    KEEP_CADENCES = "keep_cadences", "维护定期任务规则"
    LOAD_CALENDAR = "load_calendar", "录入放假安排"
    SEE_JOURNAL = "see_journal", "查看操作日志"
    SEE_SEALING = "see_sealing", "查看密封上报的保管人和打开记录"
    KEEP_KEYS = "keep_keys", "登记密封上报的保管人"
    OPEN_ENVELOPES = "open_envelopes", "申请打开身份信封"


WIDTH = [Scope.OWN, Scope.ASSIGNED, Scope.UNIT, Scope.SUBTREE, Scope.ALL]

# permission: {role: the widest scope in which the role may use it}
GRANTS: dict[Permission, dict[Role, Scope]] = {
    Permission.SUBMIT_OBSERVATION: {
        Role.CITIZEN: Scope.OWN,
        Role.TEAM_MEMBER: Scope.OWN,
        Role.DEPUTY: Scope.OWN,
        Role.REFORM_OBSERVER: Scope.OWN,
        Role.COMMISSIONER: Scope.OWN,
    },
    Permission.SEND_PHOTOS: {  # for reporters and for those who submit evidence
        Role.CITIZEN: Scope.OWN,
        Role.TEAM_MEMBER: Scope.OWN,
        Role.DEPUTY: Scope.OWN,
        Role.REFORM_OBSERVER: Scope.OWN,
        Role.COMMISSIONER: Scope.OWN,
        Role.DEPARTMENT_CONTACT: Scope.OWN,
    },
    Permission.SEE_OBSERVATIONS: {
        Role.CITIZEN: Scope.OWN,
        Role.TEAM_MEMBER: Scope.OWN,
        Role.DEPUTY: Scope.OWN,
        Role.REFORM_OBSERVER: Scope.OWN,
        Role.COMMISSIONER: Scope.OWN,
        Role.OFFICE_STAFF: Scope.SUBTREE,
        Role.OFFICE_LEAD: Scope.SUBTREE,
    },
    Permission.REVIEW_OBSERVATIONS: {Role.OFFICE_STAFF: Scope.SUBTREE, Role.OFFICE_LEAD: Scope.SUBTREE},
    Permission.SEE_TASKS: {
        Role.TEAM_MEMBER: Scope.ALL,
        Role.DEPUTY: Scope.ALL,
        Role.REFORM_OBSERVER: Scope.ALL,
        Role.COMMISSIONER: Scope.ALL,
        Role.DEPARTMENT_CONTACT: Scope.ALL,
        Role.LEADING_OFFICIAL: Scope.ALL,
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.IMPORT_TASKS: {Role.OFFICE_STAFF: Scope.ALL, Role.OFFICE_LEAD: Scope.ALL},
    Permission.SEE_LEDGER: {
        Role.COMMISSIONER: Scope.ASSIGNED,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.LEADING_OFFICIAL: Scope.ASSIGNED,
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.SEE_SOURCES: {  # supervised units see the day but no exact place
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.HANDLE_ITEMS: {Role.COMMISSIONER: Scope.ASSIGNED, Role.DEPARTMENT_CONTACT: Scope.UNIT},
    Permission.DECIDE_ITEMS: {Role.OFFICE_STAFF: Scope.SUBTREE, Role.OFFICE_LEAD: Scope.SUBTREE},
    Permission.TELL_UNITS: {Role.OFFICE_STAFF: Scope.SUBTREE, Role.OFFICE_LEAD: Scope.SUBTREE},
    Permission.SEE_CASES: {Role.COMMISSIONER: Scope.ASSIGNED, Role.DEPARTMENT_CONTACT: Scope.UNIT},
    Permission.ANSWER_CASES: {Role.COMMISSIONER: Scope.ASSIGNED, Role.DEPARTMENT_CONTACT: Scope.UNIT},
    Permission.SEE_LETTERS: {
        Role.COMMISSIONER: Scope.ASSIGNED,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.LEADING_OFFICIAL: Scope.ASSIGNED,
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.SEE_LETTER_REGISTER: {  # who sees a part of it would read gaps where there are none
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.DRAFT_LETTERS: {Role.OFFICE_STAFF: Scope.SUBTREE, Role.OFFICE_LEAD: Scope.SUBTREE},
    Permission.SIGN_LETTERS: {  # the city pack says who signs which kind
        Role.OFFICE_STAFF: Scope.SUBTREE,
        Role.OFFICE_LEAD: Scope.SUBTREE,
    },
    Permission.ANSWER_LETTERS: {
        Role.COMMISSIONER: Scope.ASSIGNED,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.LEADING_OFFICIAL: Scope.ASSIGNED,
    },
    Permission.SEE_PROBLEMS: {
        Role.COMMISSIONER: Scope.SUBTREE,
        Role.DEPARTMENT_CONTACT: Scope.SUBTREE,
        Role.OFFICE_STAFF: Scope.SUBTREE,
        Role.OFFICE_LEAD: Scope.SUBTREE,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.KEEP_PROBLEMS: {  # each problem bank is kept by its own organisation only
        Role.COMMISSIONER: Scope.UNIT,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.OFFICE_STAFF: Scope.UNIT,
        Role.OFFICE_LEAD: Scope.UNIT,
    },
    Permission.DECIDE_PROBLEMS: {Role.OFFICE_STAFF: Scope.UNIT, Role.OFFICE_LEAD: Scope.UNIT},
    Permission.SEE_TEAM: {
        Role.OFFICE_STAFF: Scope.SUBTREE,
        Role.OFFICE_LEAD: Scope.SUBTREE,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.MANAGE_TEAM: {Role.OFFICE_STAFF: Scope.SUBTREE, Role.OFFICE_LEAD: Scope.SUBTREE},
    Permission.SEE_MISSIONS: {  # a mission is visible to its organisers and participants only
        Role.TEAM_MEMBER: Scope.ASSIGNED,
        Role.COMMISSIONER: Scope.UNIT,
        Role.OFFICE_STAFF: Scope.UNIT,
        Role.OFFICE_LEAD: Scope.UNIT,
    },
    Permission.PLAN_MISSIONS: {Role.OFFICE_STAFF: Scope.UNIT, Role.OFFICE_LEAD: Scope.UNIT},
    Permission.GO_ON_MISSIONS: {Role.TEAM_MEMBER: Scope.ASSIGNED},
    Permission.SCORE: {
        Role.TEAM_MEMBER: Scope.ASSIGNED,
        Role.DEPUTY: Scope.ASSIGNED,
        Role.REFORM_OBSERVER: Scope.ASSIGNED,
    },
    Permission.SEE_SCORING: {
        Role.OFFICE_STAFF: Scope.UNIT,
        Role.OFFICE_LEAD: Scope.UNIT,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.RUN_SCORING: {Role.OFFICE_STAFF: Scope.UNIT, Role.OFFICE_LEAD: Scope.UNIT},
    Permission.SEE_PEOPLE: {
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Permission.MANAGE_PEOPLE: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.KEEP_REASONS: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.SEE_TEMPLATES: {
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Permission.KEEP_TEMPLATES: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.SEE_REMINDERS: {
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Permission.KEEP_REMINDERS: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.SEE_POLICIES: {
        Role.OFFICE_STAFF: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Permission.KEEP_POLICIES: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.SEE_OBLIGATIONS: {
        Role.COMMISSIONER: Scope.UNIT,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.LEADING_OFFICIAL: Scope.ALL,
        Role.OFFICE_STAFF: Scope.SUBTREE,
        Role.OFFICE_LEAD: Scope.SUBTREE,
        Role.AUDITOR: Scope.ALL,
    },
    Permission.HAND_IN: {  # each organisation proves only what it did itself
        Role.COMMISSIONER: Scope.UNIT,
        Role.DEPARTMENT_CONTACT: Scope.UNIT,
        Role.OFFICE_STAFF: Scope.UNIT,
        Role.OFFICE_LEAD: Scope.UNIT,
    },
    Permission.CALL_TOPICS: {Role.OFFICE_STAFF: Scope.UNIT, Role.OFFICE_LEAD: Scope.UNIT},
    Permission.KEEP_CADENCES: {Role.OFFICE_LEAD: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Permission.LOAD_CALENDAR: {Role.OFFICE_STAFF: Scope.ALL, Role.OFFICE_LEAD: Scope.ALL},
    Permission.SEE_JOURNAL: {Role.AUDITOR: Scope.ALL, Role.OFFICE_LEAD: Scope.ALL},
    Permission.SEE_SEALING: {
        Role.AUDITOR: Scope.ALL,
        Role.OFFICE_LEAD: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Permission.KEEP_KEYS: {Role.ADMINISTRATOR: Scope.ALL},
    Permission.OPEN_ENVELOPES: {Role.OFFICE_LEAD: Scope.ALL},
}

# The scope of a duty unless it is narrowed or widened.
USUAL_SCOPE: dict[Role, Scope] = {
    Role.CITIZEN: Scope.OWN,
    Role.TEAM_MEMBER: Scope.ALL,
    Role.DEPUTY: Scope.ALL,
    Role.REFORM_OBSERVER: Scope.ALL,
    Role.COMMISSIONER: Scope.ALL,
    Role.DEPARTMENT_CONTACT: Scope.ALL,
    Role.LEADING_OFFICIAL: Scope.ALL,
    Role.OFFICE_STAFF: Scope.ALL,
    Role.OFFICE_LEAD: Scope.ALL,
    Role.AUDITOR: Scope.ALL,
    Role.ADMINISTRATOR: Scope.ALL,
}

# A reporter with several duties acts as the last of these: a deputy who also scores visits is a deputy.
SPEAKS_AS = [Role.CITIZEN, Role.REFORM_OBSERVER, Role.COMMISSIONER, Role.TEAM_MEMBER, Role.DEPUTY]


class NotAllowed(Refusal):
    """The person's duties don't include this permission."""

    status = 403
    message_zh = "您的职责里没有这项操作。"
    hint_zh = "如果工作需要，请联系改革办调整您的职责。"


@dataclass(frozen=True)
class HeldDuty:
    """A duty as currently held; `organisation_path` is the path of its organisation, if it has one."""

    role: Role
    scope: Scope
    organisation_id: UUID | None = None
    organisation_path: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Reach:
    """The scope in which one duty grants a permission."""

    scope: Scope
    organisation_id: UUID | None
    organisation_path: str | None


def holds_on(day: date, *, since: date, until: date | None) -> bool:
    """Return whether a duty's term includes a day; both ends are inclusive."""
    return since <= day and (until is None or day <= until)


def reaches(duties: list[HeldDuty], permission: Permission) -> list[Reach]:
    """Return one reach for each duty that grants a permission; the list is empty if it is denied."""
    return [
        Reach(
            narrower(duty.scope, GRANTS[permission][duty.role]), duty.organisation_id, duty.organisation_path
        )
        for duty in duties
        if duty.role in GRANTS[permission]
    ]


def may(duties: list[HeldDuty], permission: Permission) -> bool:
    """Return whether the duties grant a permission at all."""
    return bool(reaches(duties, permission))


def narrower(one: Scope, other: Scope) -> Scope:
    """Return the narrower of two scopes."""
    return min(one, other, key=WIDTH.index)


def needs_unit(role: Role, scope: Scope) -> bool:
    """Return whether a role in a scope has a permission that reaches a unit and so needs one."""
    widths = [narrower(scope, roles[role]) for roles in GRANTS.values() if role in roles]
    return bool({Scope.UNIT, Scope.SUBTREE} & {scope, *widths})


def acting_role(duties: list[HeldDuty], permission: Permission) -> Role:
    """Return the role in which a person with several duties acts: the last one in SPEAKS_AS; raises NotAllowed."""
    roles = [duty.role for duty in duties if duty.role in GRANTS[permission]]
    if not roles:
        raise NotAllowed
    return max(roles, key=lambda role: SPEAKS_AS.index(role) if role in SPEAKS_AS else -1)
