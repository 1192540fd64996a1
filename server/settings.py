"""Every environment variable, typed, read once; all gaps are reported together."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

ProgramState = Literal["developer", "trial", "formal"]


class SettingsMissing(Exception):
    """The process can't start: each line names a variable and what it should hold."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know about the place it runs in. Keys are bytes, never printed."""

    mode: str  # "trial" or "production"
    database_url: str
    redis_url: str | None
    data_dir: Path
    storage_url: str
    public_url: str
    city_pack: str
    master_keys: Mapping[str, bytes]
    current_master_key: str
    seal_suite: str
    lookup_key: bytes
    link_key: bytes
    wechat_appid: str
    wechat_secret: str
    wechat_base_url: str
    wechat_callback_token: str
    wechat_callback_aes_key: str
    wechat_program_state: ProgramState
    proxies_count: int
    run_worker: bool

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    def __repr__(self) -> str:
        return f"Settings(mode={self.mode!r})"  # never the keys


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process from its environment; raises SettingsMissing naming every gap at once."""
    gaps: list[str] = []

    def need(name: str, what: str) -> str:
        value = environ.get(name, "").strip()
        if not value:
            gaps.append(f"{name}: {what}")
        return value

    def key(name: str, value: str) -> bytes:
        try:
            raw = base64.b64decode(value, validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) != 32:
            gaps.append(f"{name}: must be 32 bytes in base64")
        return raw

    def one_of(name: str, usual: str, words: tuple[str, ...]) -> Any:
        value = environ.get(name) or usual
        if value not in words:
            gaps.append(f"{name}: one of {', '.join(words)}")
        return value

    masters = {
        name: key("MASTER_KEYS", value)
        for name, _, value in (pair.partition(":") for pair in need("MASTER_KEYS", "id:base64,…").split(","))
        if value
    }
    if not masters:
        gaps.append("MASTER_KEYS: at least one key as id:base64, the first one seals")
    mode = one_of("MODE", "production", ("trial", "production"))
    data_dir = Path(environ.get("DATA_DIR", "var")).absolute()
    settings = Settings(
        mode=mode,
        database_url=need("DATABASE_URL", "postgresql://user:password@host/database"),
        redis_url=environ.get("REDIS_URL") or None,
        data_dir=data_dir,
        storage_url=environ.get("STORAGE_URL") or (data_dir / "storage").as_uri(),
        public_url=need("PUBLIC_URL", "the address people open, https://…").rstrip("/"),
        city_pack=environ.get("CITY_PACK", "yinchuan"),
        master_keys=masters,
        current_master_key=next(iter(masters), ""),
        seal_suite=one_of("SEAL_SUITE", "aes", ("aes", "sm4")),
        lookup_key=key("LOOKUP_KEY", environ.get("LOOKUP_KEY", "")),
        link_key=key("LINK_KEY", environ.get("LINK_KEY", "")),
        wechat_appid=need("WECHAT_APPID", "the mini-program's appid"),
        wechat_secret=need("WECHAT_SECRET", "the mini-program's secret"),
        wechat_base_url=environ.get("WECHAT_BASE_URL", "https://api.weixin.qq.com").rstrip("/"),
        wechat_callback_token=need("WECHAT_CALLBACK_TOKEN", "the token of the message push"),
        wechat_callback_aes_key=need("WECHAT_CALLBACK_AES_KEY", "the 43 characters of the message push"),
        wechat_program_state=one_of("WECHAT_PROGRAM_STATE", "formal", get_args(ProgramState)),
        proxies_count=int(environ.get("PROXIES_COUNT", "0")),
        run_worker=environ.get("RUN_WORKER") == "1",
    )
    if settings.is_production and not settings.public_url.startswith("https://"):
        gaps.append("PUBLIC_URL: must be https:// in production")
    if gaps:
        raise SettingsMissing("\n".join(sorted(set(gaps))))
    return settings
