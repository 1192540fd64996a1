"""A WeChat for trying and testing: real HTTP, real paths, real refusals, on this machine only.

It stands apart: it imports nothing of ours, so it cannot share our mistakes.
"""

from server.fake_wechat.app import create_app
from server.fake_wechat.settings import Settings

__all__ = ["Settings", "create_app"]
