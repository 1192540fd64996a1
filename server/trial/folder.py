"""One trial: a data folder, its keys, its database, and the environment its programs run in."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from server.kernel.own_folder import close_to_others
from server.settings import TRIAL_TEMPLATES
from server.trial.looking import answers, check_port, free_port, is_free
from server.trial.making_keys import keys
from server.trial.obstacle import Obstacle
from server.trial.postgres import DATABASE, EmbeddedPostgres
from server.trial.telling import Facts, mark_of, world
from server.trial.watching import Program, Watch, say

FAKE_WECHAT = {  # the fake WeChat's defaults
    "WECHAT_APPID": "wx0000000000000fake",
    "WECHAT_SECRET": "fake-secret",
    "WECHAT_CALLBACK_TOKEN": "fake-callback-token",
    "WECHAT_CALLBACK_AES_KEY": "fakefakefakefakefakefakefakefakefakefakefak",
}


class Trial:
    """A trial in one data folder, served on one port."""

    def __init__(self, data_dir: Path, *, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.base_url = f"http://127.0.0.1:{port}"
        self.world_file = data_dir / "demo-world.json"
        self.preview_url: str | None = None
        self._environment: dict[str, str] = dict(os.environ)
        self._postgres: EmbeddedPostgres | None = None

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Lock the folder, check that the port is free, and prepare the programs' environment."""
        check_port(self.port)
        try:
            (self.data_dir / "logs").mkdir(parents=True, exist_ok=True)
            close_to_others(self.data_dir)
            lock = (self.data_dir / "run.lock").open("w")
        except OSError as error:
            advice = "请用 --data-dir 换一个。"
            raise Obstacle(f"数据文件夹 {self.data_dir} 用不了（{error.strerror}），{advice}") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                advice = "请先停止它，或用 --data-dir 换一个文件夹。"
                raise Obstacle(f"{self.data_dir} 正在被另一个 scripts/run 使用，{advice}") from error
            self._environment |= {
                "MODE": "trial",
                "DATA_DIR": str(self.data_dir),
                "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.base_url,
                "RUN_WORKER": "1",
                "PYTHONUNBUFFERED": "1",
                **keys(
                    self.data_dir / "secrets.env", given=os.environ, sealed=self.data_dir / "postgres/data"
                ),
            }
            yield

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """Provide the database of DATABASE_URL, or one of our own in the data folder."""
        mark = mark_of(self.world_file)
        if os.environ.get("DATABASE_URL"):
            if mark.exists():
                advice = f"请清空 DATABASE_URL 指向的数据库，再删除 {mark}，然后重试。"
                raise Obstacle(f"上次建演示数据时中断了。{advice}")
            yield
            return
        say("正在启动数据库……")
        self._postgres = EmbeddedPostgres(self.data_dir / "postgres")
        self._environment["DATABASE_URL"] = self._postgres.start()
        try:
            if mark.exists():
                self._begin_anew(self._postgres)
            yield
        finally:
            self._postgres.stop()

    def look_at_database(self) -> None:
        """Restart our own database if it died."""
        if self._postgres and not self._postgres.is_running():
            say("数据库意外退出，正在重新启动……")
            self._postgres.start()

    def keep_wechat(self, watch: Watch) -> None:
        """Run the fake WeChat if there is no real appid."""
        if os.environ.get("WECHAT_APPID"):
            return
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        callback = ("--callback-url", f"{self.base_url}/wechat/callback")
        granted = (
            "--long-term",
            ",".join(TRIAL_TEMPLATES),
        )  # phones in a browser can't tell it who allowed what
        program = self.program("演示微信", "server.fake_wechat", "--port", str(port), *callback, *granted)
        watch.keep(program, is_ready=lambda: answers(url))
        self._environment |= FAKE_WECHAT | {"WECHAT_BASE_URL": url}

    def keep_preview(self, watch: Watch) -> None:
        """Run the phone preview in a browser; the trial continues without it if the mini-program can't be built."""
        built = self.data_dir / "preview"
        say("正在准备手机预览……")
        try:
            watch.do(self.program("手机预览准备", "server.trial.preview.building", str(built)))
            port = self.port + 1 if is_free(self.port + 1) else free_port()
            url = f"http://127.0.0.1:{port}"
            where = ("--port", str(port), "--office", self.base_url)
            what = ("--world", str(self.world_file), "--built", str(built))
            program = self.program("手机预览", "server.trial.preview", *where, *what)
            watch.keep(program, is_ready=lambda: answers(url))
            self.preview_url = url
        except Obstacle as obstacle:
            say(f"没有手机预览，其余照常。{obstacle}")

    def program(self, title: str, *words: str) -> Program:
        """Return one of our programs in the trial's environment."""
        log = self.data_dir / "logs" / f"{words[0].removeprefix('server.').removeprefix('commands.')}.log"
        return Program(title=title, log=log, words=words, environment=dict(self._environment))

    def facts(self) -> Facts:
        """Return the facts about this trial."""
        console_url = f"{self.base_url}/console"
        return Facts(
            base_url=self.base_url,
            console_url=console_url,
            preview_url=self.preview_url,
            **world(self.world_file),
        )

    def _begin_anew(self, postgres: EmbeddedPostgres) -> None:
        """Discard a half-built demo world, with the photos made for it."""
        say("上次建演示数据时中断了，现在重新来过。")
        postgres.run(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        postgres.run(f"CREATE DATABASE {DATABASE}")
        shutil.rmtree(self.data_dir / "storage", ignore_errors=True)
        mark_of(self.world_file).unlink()
