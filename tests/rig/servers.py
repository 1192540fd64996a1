"""The estate the rig breaks: a private PostgreSQL, a fake WeChat, servers and a worker, each in its own process."""

import asyncio
import atexit
import base64
import contextlib
import functools
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import uuid4

from server.fake_wechat import Settings as FakeWeChatSettings
from server.trial.looking import free_port
from server.trial.postgres import EmbeddedPostgres
from tests.fixtures_postgres import FOLDER, TEMPORARY
from tests.rig.leashed import begin, carry_out
from tests.rig.wire import NoAnswer, ask

NAME = "duchatong-rig-"
READY_SECONDS = 60
MOST_STARTS, PAUSE_SECONDS = 4, 1.0


class Program:
    """One of our programs, which is started, killed without warning, and started again."""

    def __init__(self, *words: str, environment: dict[str, str], log: Path, port: int | None = None) -> None:
        self._words, self._environment, self._log = words, environment, log
        self.port = port
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start the program unless it is running."""
        if self.is_running():
            return
        self._process = begin(self._words, environment=self._environment, log=self._log)

    def kill(self) -> bool:
        """Send SIGKILL; return whether there was anything to kill."""
        if self._process is None:
            return False
        was_running = self.is_running()
        self._process.kill()
        self._process.join()
        return was_running

    async def told(self, number: int) -> None:
        """Send a signal that ends the program, and wait for its end."""
        if self._process and self._process.pid:
            os.kill(self._process.pid, number)
            await asyncio.to_thread(self._process.join)

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_alive()

    async def is_ready(self) -> bool:
        """Whether the program is running and, if it is a server, ready."""
        if self.port is None or not self.is_running():
            return self.is_running()
        try:
            async with asyncio.timeout(2):
                return (await ask(self.port, "GET", "/ready")).status == 200
        except (NoAnswer, TimeoutError):
            return False

    @property
    def pid(self) -> int:
        """Return the number of its process; it must have been started."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def last_words(self) -> str:
        """Return the end of its log, for diagnosis."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


def holders(port: int) -> str:
    """Return the sockets on a port and the programs that hold them, for diagnosis."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {
        one[9]: f"{one[1]} -> {one[2]} state {one[3]}" for one in lines if one[1].endswith(f":{port:04X}")
    }
    told = [f"port {port}: {', '.join(sockets.values()) or 'free'}"]
    for place in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            inode = os.readlink(place).removeprefix("socket:[").removesuffix("]")
            if inode in sockets:
                program = (place.parents[1] / "cmdline").read_text().replace("\0", " ")
                told.append(f"{place}: {sockets[inode]} held by {program}")
    return "\n".join(told)


class Estate:
    """Everything in one folder, opened by `async with`; `change` names what tests/rig/altered.py alters."""

    def __init__(
        self,
        *,
        servers: int = 2,
        worker: bool = True,
        change: Sequence[str] = (),
        worker_change: Sequence[str] = (),
        more: Mapping[str, str] | None = None,
        of_postgres: Mapping[str, str] | None = None,
    ) -> None:
        self._more = dict(more or {})  # settings besides the usual ones
        self.folder = Path(tempfile.mkdtemp(prefix=NAME))
        # Later test runs clear it if we can't.
        self._postgres_folder = TEMPORARY / f"{FOLDER}{uuid4().hex[:8]}"
        self.postgres = EmbeddedPostgres(self._postgres_folder, settings=of_postgres)
        self.postgres_data = self._postgres_folder / "data"
        self._module = ["tests.rig.altered", ",".join(change)] if change else ["server.commands.serve"]
        self._ports = [free_port() for _ in range(servers)]
        self._worker = (
            ["tests.rig.altered", ",".join(worker_change)] if worker_change else ["server.commands.worker"]
        )
        self._has_worker = worker
        self.servers: list[Program] = []
        self.workers: list[Program] = []
        self._wechat: Program | None = None

    async def __aenter__(self) -> "Estate":
        try:
            await self._open()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for program in [*self.servers, *self.workers, *([self._wechat] if self._wechat else [])]:
            program.kill()
        await asyncio.to_thread(self.postgres.stop)
        for folder in (self.folder, self._postgres_folder):
            shutil.rmtree(folder, ignore_errors=True)

    async def _open(self) -> None:
        await asyncio.to_thread(_copy_of_a_migrated_cluster, self._postgres_folder)
        self.database_url = await asyncio.to_thread(self.postgres.start)
        port = free_port()
        wechat_url = f"http://127.0.0.1:{port}"
        self.environment = environment(self.database_url, self.folder, wechat_url=wechat_url) | self._more
        self._wechat = self._program("wechat", "server.fake_wechat", "--port", str(port))
        self._wechat.start()
        for number, port in enumerate(self._ports):
            words = [*self._module, "--port", str(port)]
            self.servers.append(self._program(f"server{number}", *words, port=port))
        if self._has_worker:
            self.workers.append(self._program("worker", *self._worker))
        self.start_all()
        await self.ready()

    async def found(self, members: int) -> list[dict[str, str]]:
        """Found an office with signed-in team members, followed by a reviewer: [{person_id, token}]."""
        found: list[dict[str, str]] = json.loads(await self.run("tests.rig.founding", str(members)))
        return found

    async def run(self, module: str, *words: str) -> str:
        """Run one of our programs to its end and return its output."""
        said = self.folder / f"{uuid4()}.said"
        order = [module, *words]
        return await asyncio.to_thread(carry_out, order, environment=self.environment, log=said)

    def _program(self, name: str, *words: str, port: int | None = None) -> Program:
        log = self.folder / f"{name}.log"
        return Program(*words, environment=self.environment, log=log, port=port)

    def start_all(self) -> None:
        """Start everything that is not running."""
        for program in [*self.servers, *self.workers]:
            program.start()

    async def ready(self) -> None:
        """Wait until every server says that it can serve; one that died is started again, as by a supervisor."""
        deadline = time.monotonic() + READY_SECONDS
        for server in self.servers:
            starts = 1
            while not await server.is_ready():
                is_dead = not server.is_running()
                if time.monotonic() > deadline or (is_dead and starts == MOST_STARTS):
                    said = f"{server.last_words()}\n{holders(server.port or 0)}"
                    raise RuntimeError(f"a server did not come up in {starts} starts:\n{said}")
                await asyncio.sleep(PAUSE_SECONDS if is_dead else 0.05)
                if is_dead:
                    starts += 1
                    server.start()

    def any_port(self, dice: random.Random) -> int:
        """Return one of the servers' ports, as a balancer would choose."""
        return dice.choice(self._ports)

    def port(self, number: int) -> int:
        return self._ports[number]

    def log_of(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


@functools.cache
def _migrated_cluster() -> Path:
    """Return a cluster with all tables, empty, made once and removed when the process ends."""
    folder = TEMPORARY / f"{FOLDER}{uuid4().hex[:8]}"  # later test runs clear it if we can't
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    postgres = EmbeddedPostgres(folder)
    environment = {"DATABASE_URL": postgres.start(), "PATH": os.environ.get("PATH", os.defpath)}
    try:
        carry_out(["server.commands.migrate"], environment=environment, log=folder / "migrating.log")
    finally:
        postgres.stop()
    return folder


def _copy_of_a_migrated_cluster(folder: Path) -> None:
    subprocess.run(["cp", "-a", _migrated_cluster(), folder], check=True)


def environment(database_url: str, folder: Path, *, wechat_url: str) -> dict[str, str]:
    """Return the environment of a trial process, with its own keys."""
    fake = FakeWeChatSettings()
    keys = {
        name: base64.b64encode(os.urandom(32)).decode() for name in ("master", "lookup", "link", "reporter")
    }
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONUNBUFFERED": "1",
        "MODE": "trial",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "PUBLIC_URL": "http://127.0.0.1",
        "MASTER_KEYS": f"k1:{keys['master']}",
        "LOOKUP_KEY": keys["lookup"],
        "LINK_KEY": keys["link"],
        "REPORTER_KEYS": f"k1:{keys['reporter']}",
        "WECHAT_APPID": fake.appid,
        "WECHAT_SECRET": fake.secret,
        "WECHAT_BASE_URL": wechat_url,
        "WECHAT_CALLBACK_TOKEN": fake.callback_token,
        "WECHAT_CALLBACK_AES_KEY": fake.callback_aes_key,
    }
