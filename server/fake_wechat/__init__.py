"""A fake WeChat for trials and tests: real HTTP, real paths, real refusals, on this machine only.

It imports nothing of ours, so it cannot share our mistakes.
"""

from server.fake_wechat.app import create_app
from server.fake_wechat.settings import Settings

__all__ = ["Settings", "create_app"]
