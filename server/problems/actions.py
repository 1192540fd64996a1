"""The actions on a problem, each declared once for the API, the console, pages and timelines."""

from models import Problem
from models.vocabulary import Solver
from server.ledger.action import Action
from server.people import Actor, Permission, may
from server.problems import commands as ask
from server.problems.escalating import decide, escalate
from server.problems.placing import put_on_ledger
from server.problems.refusals import NotForTheCity
from server.problems.states import MACHINE, OPEN
from server.problems.triaging import follow_up, merge, settle, triage

KEEP, DECIDE = Permission.KEEP_PROBLEMS, Permission.DECIDE_PROBLEMS


def may_follow_up(problem: Problem) -> bool:
    """The problem has not ended."""
    return problem.state in OPEN


def may_escalate(problem: Problem) -> bool:
    """The bank found that only the city can solve it."""
    return MACHINE.allows(problem, "escalate") and problem.solver is Solver.CITY


ProblemAction = Action[Problem, Problem]

ACTIONS: tuple[ProblemAction, ...] = (
    Action(
        code="decide",
        noun="decisions",
        label="登记深改委决定",
        done="已登记并分办。",
        told={"decided": "深改委决定：{decision}（挂号{number}，{due}）"},
        permission=DECIDE,
        command=ask.Decide,
        verb=decide,
        open_when=MACHINE.when_allowed("decide"),
    ),
    Action(
        code="triage",
        noun="triages",
        operation="triage_problem",
        label="研判",
        done="已保存研判。",
        told={"triaged": "研判：{found}"},
        permission=KEEP,
        command=ask.TriageProblem,
        verb=triage,
        open_when=MACHINE.when_allowed("triage"),
    ),
    Action(
        code="escalate",
        noun="escalations",
        operation="escalate_problem",
        label="提请市级协调",
        done="已提请深改委。",
        told={"escalated": "提请深改委：{request}"},
        permission=KEEP,
        command=ask.Escalate,
        verb=escalate,
        open_when=may_escalate,
        refusals=(NotForTheCity,),
    ),
    Action(
        code="put_on_ledger",
        noun="ledger-items",
        label="进入台账并分办",
        done="已挂号并分办。",
        told={"put_on_ledger": "进入台账，挂号{number}，{due}"},
        permission=KEEP,
        command=ask.PutOnLedger,
        verb=put_on_ledger,
        open_when=MACHINE.when_allowed("put_on_ledger"),
    ),
    Action(
        code="follow_up",
        noun="follow-ups",
        operation="follow_up_problem",
        label="跟进问题",
        done="已记下跟进情况。",
        told={"followed_up": "跟进：{text}"},
        permission=KEEP,
        command=ask.FollowUp,
        verb=follow_up,
        open_when=may_follow_up,
    ),
    Action(
        code="settle",
        noun="settlements",
        operation="settle_problem",
        label="化解问题",
        done="已化解。",
        told={"settled": "化解：{words}"},
        permission=KEEP,
        command=ask.FollowUp,
        verb=settle,
        open_when=MACHINE.when_allowed("settle"),
    ),
    Action(
        code="merge",
        noun="mergers",
        label="合并",
        done="已合并，两个编号都保留。",
        told={"merged": "并入{into}：{reason}"},
        permission=KEEP,
        command=ask.MergeProblem,
        verb=merge,
        open_when=MACHINE.when_allowed("merge"),
    ),
)


def actions_open_to(actor: Actor, problem: Problem) -> list[str]:
    """Return the codes of the actions that are open on a problem now and permitted to this actor, in order."""
    return [one.code for one in ACTIONS if one.open_when(problem) and _holds(actor, one.permission, problem)]


def _holds(actor: Actor, permission: Permission, problem: Problem) -> bool:
    held = actor.reaches(permission) if may(actor.duties, permission) else []
    return problem.bank_id in {reach.organisation_id for reach in held}
