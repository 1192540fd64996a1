"""The actions on a mission, each declared once: its organisers act on the console, its members on their phones."""

from models import Mission
from server.ledger.action import Action
from server.people import Permission
from server.team import commands as ask
from server.team.going import accept_mission, dispatch_mission, finish_mission
from server.team.planning import cancel_mission
from server.team.refusals import NotAccepted
from server.team.states import MACHINE

PLAN, GO = Permission.PLAN_MISSIONS, Permission.GO_ON_MISSIONS
MissionAction = Action[Mission, Mission]


ACTIONS: tuple[MissionAction, ...] = (
    Action(
        code="dispatch",
        noun="dispatch",
        label="派出队员",
        done="已派出。",
        told={"dispatched": "派出队员{count}人"},
        permission=PLAN,
        command=ask.SendMembers,
        verb=dispatch_mission,
        open_when=MACHINE.when_allowed("dispatch"),
    ),
    Action(
        code="cancel",
        noun="cancellation",
        label="取消任务",
        done="已取消。",
        told={"cancelled": "取消督察任务：{reason}"},
        permission=PLAN,
        command=ask.CancelMission,
        verb=cancel_mission,
        open_when=MACHINE.when_allowed("cancel"),
    ),
    Action(
        code="accept",
        noun="acceptance",
        operation="accept_mission",
        label="接受督察任务",
        done="已接受。",
        told={"accepted": "队员接受任务"},
        permission=GO,
        command=ask.Accept,
        verb=accept_mission,
        open_when=MACHINE.when_allowed("accept"),
        at_desk=False,
    ),
    Action(
        code="finish",
        noun="summary",
        operation="finish_mission",
        label="完成督察任务",
        done="已完成。",
        told={"finished": "完成督察任务，检查项{answered}/{questions}，不合格{failed}项"},
        permission=GO,
        command=ask.Finish,
        verb=finish_mission,
        open_when=MACHINE.when_allowed("finish"),
        refusals=(NotAccepted,),
        at_desk=False,
    ),
)


def actions_of_organisers(mission: Mission) -> list[str]:
    """Return the codes of the actions that are open to the mission's organisers now."""
    return [one.code for one in ACTIONS if one.permission is PLAN and one.open_when(mission)]
