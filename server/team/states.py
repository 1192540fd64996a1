"""The legal state transitions of a mission. Pure."""

from models.vocabulary import MissionState as S
from server.kernel.state_machine import StateMachine

MACHINE = StateMachine(
    {
        S.PLANNED: {"dispatch": S.DISPATCHED, "cancel": S.CANCELLED},
        S.DISPATCHED: {"dispatch": S.DISPATCHED, "accept": S.UNDER_WAY, "cancel": S.CANCELLED},
        S.UNDER_WAY: {"dispatch": S.UNDER_WAY, "accept": S.UNDER_WAY, "finish": S.FINISHED},
        S.FINISHED: {},
        S.CANCELLED: {},
    }
)
TOLD = (S.DISPATCHED, S.UNDER_WAY, S.FINISHED)  # the states in which its members see it
# A second phone's answers may come after the first has finished, so that nobody's work is lost.
ANSWERED_IN = (S.UNDER_WAY, S.FINISHED)
AHEAD = (S.PLANNED, S.DISPATCHED, S.UNDER_WAY)
