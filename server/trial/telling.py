"""What a trial reports: lines for the person at the keyboard, and demo.json for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from server.trial.writing import write_whole

CODES_TOLD = 8


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Where the trial is served, and who may sign in how."""

    base_url: str
    console_url: str
    preview_url: str | None = None
    wechat_codes: Mapping[str, str] = field(default_factory=dict)
    console_logins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    site_visits: Mapping[str, str] = field(default_factory=dict)  # {running, locked: id}

    def write(self, file: Path) -> None:
        """Write demo.json."""
        write_whole(file, asdict(self))

    def lines(self, *, data_dir: Path) -> list[str]:
        """Return the same for a person, as lines of Chinese."""
        told = ["", "督察通已启动。", f"  办公后台：{self.console_url}"]
        if self.preview_url:
            told.append(f"  手机预览：{self.preview_url}")
        if self.console_logins:
            told += ["  后台账号："]
            told += [f"    {name}　{_login(login)}" for name, login in self.console_logins.items()]
        if self.wechat_codes:
            told += ["  手机身份（演示微信登录码）："]
            told += [f"    {name}　{code}" for name, code in islice(self.wechat_codes.items(), CODES_TOLD)]
            told += [f"    共 {len(self.wechat_codes)} 人，其余见 {data_dir / 'demo.json'}"]
        if (data_dir / "key-holders").exists():
            told.append(f"  密封上报的演示保管人密钥在 {data_dir / 'key-holders'}（scripts/open-share 用）")
        return [*told, f"  数据和日志在 {data_dir}，下次启动会接着用。", "按 Ctrl-C 停止。", ""]


def mark_of(file: Path) -> Path:
    """Return the file that exists while the world is half built."""
    return file.with_suffix(".building")


def world(file: Path) -> dict[str, Any]:
    """Return who may sign in to the demo world; empty if none was built."""
    built = _built(file)
    return (
        {name: built.get(name, {}) for name in ("wechat_codes", "console_logins", "site_visits")}
        if built
        else {}
    )


def phones(file: Path) -> list[dict[str, str]]:
    """Return who in the demo world has a phone: name, WeChat code and role, in the order of the city pack."""
    built = _built(file)
    roles = built.get("roles", {})
    return [
        {"name": name, "code": code, "role": roles.get(name, "")}
        for name, code in built.get("wechat_codes", {}).items()
    ]


def _built(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def _login(login: Mapping[str, str]) -> str:
    words = [f"用户名 {login['username']}", f"口令 {login['password']}"]
    if login.get("totp_secret"):
        words.append(f"动态口令密钥 {login['totp_secret']}")
    return "，".join(words)
