"""Every environment variable, typed and read once; all gaps are reported together."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from models.vocabulary import Datum

KEY_BYTES = 32
DATUMS = {one.value: one for one in Datum}
USUAL_FIELDS = ("thing1", "thing2", "time3")
TEMPLATE = re.compile(r"[\w-]{1,64}(/thing\d+){2}/(time|date)\d+", re.ASCII)
HOST = re.compile(r"(https?://[A-Za-z0-9.:-]+)/")
FORWARDED_SECRET = re.compile(r"[A-Za-z0-9_-]{32,200}")
ProgramState = Literal["developer", "trial", "formal"]
TEMPLATE_PURPOSES = ("report_answered", "recheck", "item_due", "item_decided", "review_due")
TRIAL_TEMPLATES = tuple(f"trial-{purpose}" for purpose in TEMPLATE_PURPOSES)


class SettingsMissing(Exception):
    """The process can't start: each line names a variable and what it should hold."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know about its deployment. Keys are bytes and never printed."""

    mode: str  # "trial" or "production"
    database_url: str
    # The same database for the verifier: a login that reads all data and writes none.
    verify_database_url: str
    redis_url: str | None
    data_dir: Path
    storage_url: str
    public_url: str
    city_pack: str
    master_keys: Mapping[str, bytes]
    current_master_key: str
    seal_suite: str
    lookup_key: bytes
    reporter_keys: Mapping[str, bytes]  # find who reported; kept apart from the others and in no backup
    current_reporter_key: str
    link_key: bytes
    wechat_appid: str
    wechat_secret: str
    wechat_base_url: str
    wechat_callback_token: str
    wechat_callback_aes_key: str
    wechat_program_state: ProgramState
    wechat_templates: Mapping[str, str]  # the purpose of a subscribe message: its template id
    wechat_fields: Mapping[str, tuple[str, ...]]  # the same: its fields for what, about what and when
    wechat_long_term: frozenset[str]  # ids of templates that WeChat granted as long-term
    service_account_appid: str  # the city's service account for notices; empty: none
    service_account_secret: str
    service_account_template: tuple[
        str, ...
    ]  # its template's id and its fields for what, about what and when
    wecom_corp_id: str  # the city's WeCom corporation; empty: none
    wecom_secret: str
    wecom_agent_id: int
    wecom_base_url: str
    smtp_url: str  # outgoing mail, smtp://user:password@host:port or smtps://…; empty: none
    mail_from: str
    texts_dir: Path | None  # where text messages are written instead of being sent; None: no text messages
    # Proves that an address comes from the reverse proxy; empty: people connect directly.
    forwarded_secret: str
    run_worker: bool
    map_tiles: str  # a map service's tiles, https://…{z}…{x}…{y}; empty: points are drawn on a plain sheet
    map_datum: Datum  # the datum that the service draws in
    map_credit: str  # the map's owner and approval number, shown below it
    metrics_token: str  # lets monitoring on another machine read /metrics; without it only this machine may
    anchor_command: str  # reads each anchor as a line and carries it to another machine; empty: none
    anchor_url: str  # another machine's storage that takes each anchor as an object; empty: none
    font_dir: Path | None  # the office's own typefaces for printing
    clamd: str  # a virus scanner for uploaded files, a socket's path or tcp://host:port; empty: none
    letter_template: Path | None  # the office's own Word template for editable letters

    @property
    def map_host(self) -> str:
        """Return the origin of the map's tiles; empty without a map service."""
        found = HOST.match(self.map_tiles)
        return found[1] if found else ""

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    def __repr__(self) -> str:
        return f"Settings(mode={self.mode!r})"  # never the keys


class Reader:
    """Reads an environment and collects what is missing or wrong instead of stopping at the first problem."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.gaps: list[str] = []

    def need(self, name: str, what: str) -> str:
        """Return a variable that must be set; `what` says what it holds."""
        value = self._environ.get(name, "").strip()
        if not value:
            self.gaps.append(f"{name}: {what}")
        return value

    def get(self, name: str, usual: str = "") -> str:
        """Return a variable that may be missing."""
        return self._environ.get(name) or usual

    def one_of(self, name: str, usual: str, words: tuple[str, ...]) -> Any:
        """Return a variable that holds one of some words."""
        value = self.get(name, usual)
        if value not in words:
            self.gaps.append(f"{name}: one of {', '.join(words)}")
        return value

    def key(self, name: str, value: str | None = None) -> bytes:
        """Return 32 bytes given in base64."""
        try:
            raw = base64.b64decode(self.get(name) if value is None else value, validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) != KEY_BYTES:
            self.gaps.append(f"{name}: must be {KEY_BYTES} bytes in base64")
        return raw

    def templates(self, *, mode: str) -> dict[str, list[str]]:
        """Return WECHAT_TEMPLATES, `purpose:id,…`: the id of each purpose, its fields for what, about what and when.

        `purpose:id/thing4/thing7/date2` names a template's own fields; `thing1/thing2/time3` are the usual ones.
        A trial invents ids, because its WeChat accepts every one.
        """
        written = self.get("WECHAT_TEMPLATES")
        if not written and mode == "trial":
            written = ",".join(map(":".join, zip(TEMPLATE_PURPOSES, TRIAL_TEMPLATES, strict=True)))
        pairs = (pair.partition(":") for pair in written.split(",") if pair.strip())
        found = {purpose.strip(): template.strip().split("/") for purpose, _, template in pairs}
        found = {purpose: one if one[1:] else [*one, *USUAL_FIELDS] for purpose, one in found.items()}
        if not set(found) <= set(TEMPLATE_PURPOSES) or not all(map(_is_template, found.values())):
            purposes = ", ".join(TEMPLATE_PURPOSES)
            self.gaps.append(f"WECHAT_TEMPLATES: purpose:id/thing1/thing2/time3,… of {purposes}")
        return found

    def beside(self, other: str, name: str, what: str) -> str:
        """Return a variable that must be set if another one is."""
        return self.need(name, what) if other else self.get(name)

    def number_beside(self, other: str, name: str) -> int:
        """Return a number that must be set if another variable is."""
        value = self.get(name, "0")
        if not value.isdecimal() or (other and value == "0"):
            self.gaps.append(f"{name}: a number")
            return 0
        return int(value)

    def notice_template(self, account: str) -> tuple[str, ...]:
        """Return SERVICE_ACCOUNT_TEMPLATE, `id` or `id/thing4/thing7/date2`, which a service account needs."""
        parts = self.beside(account, "SERVICE_ACCOUNT_TEMPLATE", "the id of its template").split("/")
        found = parts if parts[1:] else [*parts, *USUAL_FIELDS]
        if account and not _is_template(found):
            self.gaps.append("SERVICE_ACCOUNT_TEMPLATE: id/thing1/thing2/time3")
        return tuple(found)

    def mail_server(self) -> str:
        """Return SMTP_URL, or an empty text."""
        address = self.get("SMTP_URL")
        if address and not address.startswith(("smtp://", "smtps://")):
            self.gaps.append("SMTP_URL: smtp://user:password@host:port or smtps://…")
        return address

    def tiles(self) -> str:
        """Return MAP_TILES, a URL with {z}, {x} and {y}; it requires the map's credit, which is shown below the map."""
        address = self.get("MAP_TILES")
        if address and not (HOST.match(address) and all(one in address for one in ("{z}", "{x}", "{y}"))):
            self.gaps.append("MAP_TILES: https://host/… with {z}, {x} and {y}")
        if address and not self.get("MAP_CREDIT"):
            self.gaps.append("MAP_CREDIT: whose map it is, with its approval number")
        return address

    def forwarded_secret(self, *, mode: str) -> str:
        """Return FORWARDED_SECRET of scripts/nginx.conf; PROXY=none says there is no proxy, the default of a trial.

        Without either, all people behind a proxy would share one address and its limits.
        """
        secret, proxy = self.get("FORWARDED_SECRET"), self.one_of("PROXY", "", ("", "none"))
        if secret and (proxy or not FORWARDED_SECRET.fullmatch(secret)):
            self.gaps.append("FORWARDED_SECRET: 32 to 200 letters, digits, - or _; never beside PROXY=none")
        if not secret and not proxy and mode == "production":
            self.gaps.append(
                "FORWARDED_SECRET: the secret of your reverse proxy (scripts/nginx.conf); PROXY=none if there is none"
            )
        if self.get("PROXIES_COUNT"):
            self.gaps.append("PROXIES_COUNT: believed anybody's address; set FORWARDED_SECRET instead")
        return secret

    def address_of_storage(self, name: str) -> str:
        """Return an s3:// or file:// address, or none."""
        address = self.get(name)
        if address and not address.startswith(("s3://", "file:///")):
            self.gaps.append(f"{name}: s3://bucket/prefix or file:///folder")
        return address

    def scanner(self) -> str:
        """Return CLAMD, where clamd listens, or an empty text."""
        address = self.get("CLAMD")
        if address and not re.fullmatch(r"/[^\0]+|tcp://[A-Za-z0-9.-]+:\d{1,5}", address):
            self.gaps.append("CLAMD: /path/to/clamd.sock or tcp://host:port")
        return address

    def keys(self, name: str) -> dict[str, bytes]:
        """Return keys written `id:base64,…`; the first seals what is new, all of them open what is old."""
        pairs = (pair.partition(":") for pair in self.need(name, "id:base64,…").split(","))
        return {key_id.strip(): self.key(name, value) for key_id, _, value in pairs if key_id.strip()}


def _is_template(parts: list[str]) -> bool:
    return TEMPLATE.fullmatch("/".join(parts)) is not None


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return this process's settings from its environment; raises SettingsMissing naming every gap at once."""
    read = Reader(environ)
    masters, reporters = read.keys("MASTER_KEYS"), read.keys("REPORTER_KEYS")
    data_dir = Path(read.get("DATA_DIR", "var")).absolute()
    mode = read.one_of("MODE", "production", ("trial", "production"))
    templates = read.templates(mode=mode)
    settings = Settings(
        mode=mode,
        database_url=read.need("DATABASE_URL", "postgresql://user:password@host/database"),
        verify_database_url=read.get("VERIFY_DATABASE_URL") or read.get("DATABASE_URL"),
        redis_url=read.get("REDIS_URL") or None,
        data_dir=data_dir,
        storage_url=read.get("STORAGE_URL", (data_dir / "storage").as_uri()),
        public_url=read.need("PUBLIC_URL", "the address people open, https://…").rstrip("/"),
        city_pack=read.get("CITY_PACK", "yinchuan"),
        master_keys=masters,
        current_master_key=next(iter(masters), ""),
        seal_suite=read.one_of("SEAL_SUITE", "aes", ("aes", "sm4")),
        lookup_key=read.key("LOOKUP_KEY"),
        reporter_keys=reporters,
        current_reporter_key=next(iter(reporters), ""),
        link_key=read.key("LINK_KEY"),
        wechat_appid=read.need("WECHAT_APPID", "the mini-program's appid"),
        wechat_secret=read.need("WECHAT_SECRET", "the mini-program's secret"),
        wechat_base_url=read.get("WECHAT_BASE_URL", "https://api.weixin.qq.com").rstrip("/"),
        wechat_callback_token=read.need("WECHAT_CALLBACK_TOKEN", "the token of the message push"),
        wechat_callback_aes_key=read.need("WECHAT_CALLBACK_AES_KEY", "the 43 characters of the message push"),
        wechat_program_state=read.one_of("WECHAT_PROGRAM_STATE", "formal", get_args(ProgramState)),
        wechat_templates={purpose: template for purpose, (template, *_) in templates.items()},
        wechat_fields={purpose: tuple(names) for purpose, (_, *names) in templates.items()},
        service_account_appid=(account := read.get("SERVICE_ACCOUNT_APPID")),
        service_account_secret=read.beside(account, "SERVICE_ACCOUNT_SECRET", "the service account's secret"),
        service_account_template=read.notice_template(account),
        wecom_corp_id=(corp := read.get("WECOM_CORP_ID")),
        wecom_secret=read.beside(corp, "WECOM_SECRET", "the secret of the WeCom application"),
        wecom_agent_id=read.number_beside(corp, "WECOM_AGENT_ID"),
        wecom_base_url=read.get("WECOM_BASE_URL", "https://qyapi.weixin.qq.com").rstrip("/"),
        smtp_url=(smtp := read.mail_server()),
        mail_from=read.beside(smtp, "MAIL_FROM", "the address that mail comes from"),
        texts_dir=Path(read.get("TEXTS_DIR")) if read.get("TEXTS_DIR") else None,
        wechat_long_term=frozenset(filter(None, read.get("WECHAT_LONG_TERM").split(","))),
        forwarded_secret=read.forwarded_secret(mode=mode),
        run_worker=read.get("RUN_WORKER") == "1",
        map_tiles=read.tiles(),
        map_datum=DATUMS.get(read.one_of("MAP_DATUM", "wgs84", tuple(DATUMS)), Datum.WGS84),
        map_credit=read.get("MAP_CREDIT"),
        metrics_token=read.get("METRICS_TOKEN"),
        anchor_command=read.get("ANCHOR_COMMAND"),
        anchor_url=read.address_of_storage("ANCHOR_URL"),
        font_dir=Path(read.get("FONT_DIR")) if read.get("FONT_DIR") else None,
        clamd=read.scanner(),
        letter_template=Path(read.get("LETTER_TEMPLATE")) if read.get("LETTER_TEMPLATE") else None,
    )
    if settings.is_production and not settings.public_url.startswith("https://"):
        read.gaps.append("PUBLIC_URL: must be https:// in production")
    if set(masters.values()) & set(reporters.values()):
        read.gaps.append("REPORTER_KEYS: must be other keys than MASTER_KEYS")
    if read.gaps:
        raise SettingsMissing("\n".join(sorted(set(read.gaps))))
    return settings
