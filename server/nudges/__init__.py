"""Nudges: what the inbox has to tell, told through WeChat to whoever allowed it, one credit a message (REM-02)."""

from server.nudges.digesting import tell_reporters
from server.nudges.minding import mind_work
from server.nudges.planning import drop, plan
from server.nudges.purposes import PURPOSES
from server.nudges.sending import send_due, sweep

__all__ = ["PURPOSES", "drop", "mind_work", "plan", "send_due", "sweep", "tell_reporters"]
