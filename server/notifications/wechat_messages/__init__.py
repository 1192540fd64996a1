"""WeChat messages: inbox news sent to those who allowed it, at one credit a message (REM-02)."""

from server.notifications.wechat_messages.digesting import tell_reporters
from server.notifications.wechat_messages.minding import mind_work
from server.notifications.wechat_messages.planning import drop, plan
from server.notifications.wechat_messages.purposes import PURPOSES
from server.notifications.wechat_messages.sending import send_due, sweep

__all__ = ["PURPOSES", "drop", "mind_work", "plan", "send_due", "sweep", "tell_reporters"]
