import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from server.fake_wechat import Settings as FakeSettings
from server.trial.folder import FAKE_WECHAT
from server.trial.looking import answers, free_port

ROOT = Path(__file__).parents[3]
SECONDS = 300


class Run:
    """`scripts/run` as a person types it, in a separate data folder."""

    def __init__(self, data_dir, *options, port=None, **environment):
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.options = options
        self.environment = environment

    def __enter__(self):
        words = [
            sys.executable,
            "-m",
            "server.trial.run",
            "--data-dir",
            self.data_dir,
            "--port",
            str(self.port),
        ]
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [*words, *self.options],
            env=kept | {"PYTHONUNBUFFERED": "1"} | self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self

    def __exit__(self, *_):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def wait_until(self, is_so):
        give_up_at = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > give_up_at or self.process.poll() is not None:
                self.process.terminate()  # else its output has no end
                pytest.fail(self.process.communicate(timeout=SECONDS)[0])
            time.sleep(0.05)

    def is_up(self):
        told = self.data_dir / "demo.json"
        return told.exists() and self.url in told.read_text() and answers(f"{self.url}/ready")

    def end(self):
        """Return its output and exit code."""
        said, _ = self.process.communicate(timeout=SECONDS)
        return said, self.process.returncode

    def child(self, name):
        """Return the process number of one program."""
        found = [pid for pid, words in processes(self.data_dir) if name in words]
        return found[0] if found else None


def processes(data_dir):
    """Return all processes that still work for this data folder, including the database."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            is_child = f"DATA_DIR={data_dir}".encode() in (entry / "environ").read_bytes().split(b"\0")
            if words != [""] and (is_child or str(data_dir / "postgres/data") in words):
                found.append((int(entry.name), words))
    return found


def noted(log):
    """Return a log's lines by event; every line is one event."""
    lines = log.read_text().splitlines()
    return {json.loads(line)["event"]: line for line in lines if line.startswith("{")}


def open_to_others(data_dir):
    """Return what another account of the machine could read; the database keeps its own folder."""
    passable = [data_dir / "postgres"]
    found = []
    for folder, folders, files in os.walk(data_dir):
        folders[:] = [name for name in folders if Path(folder, name) not in passable]
        paths = [Path(folder, name) for name in [*folders, *files]]
        closed = [path for path in paths if path.is_symlink() or not path.lstat().st_mode & 0o077]
        found += [str(path) for path in paths if path not in closed]
        folders[:] = [name for name in folders if Path(folder, name).lstat().st_mode & 0o077]
    return found


@pytest.fixture
def data_dir():
    with tempfile.TemporaryDirectory(prefix="dct-run-") as folder:
        path = Path(folder) / "var"
        yield path
        for pid, _ in processes(path):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def city():
    """A first run, killed while it builds, and the second run's results: folder, demo.json, output, exit code."""
    with tempfile.TemporaryDirectory(prefix="dct-run-") as folder:
        data_dir = Path(folder) / "var"
        with Run(data_dir, "--no-preview") as run:
            run.wait_until((data_dir / "demo-world.building").exists)
            run.process.kill()
        with Run(data_dir) as run:
            run.wait_until(run.is_up)
            told = json.loads((data_dir / "demo.json").read_text())
            run.process.send_signal(signal.SIGINT)
            said, code = run.end()
        yield data_dir, told, said, code


@pytest.fixture
def settled(city, data_dir):
    """A new data folder in which everything is set up: a copy of the city's."""
    subprocess.run(["cp", "-a", city[0], data_dir], check=True)
    return data_dir


def test_a_run_serves_tells_how_to_sign_in_and_ends_whole(city):
    data_dir, told, said, code = city

    addresses = {"base_url", "console_url", "preview_url"}
    assert set(told) == addresses | {"wechat_codes", "console_logins", "site_visits"}
    assert set(told["site_visits"]) == {"running", "locked"}
    assert told["wechat_codes"]
    assert next(iter(told["console_logins"].values()))["password"] in said
    assert "督察通已启动" in said
    assert code == 0
    assert processes(data_dir) == []
    for name in ("secrets.env", "demo.json", "demo-world.json"):
        assert (data_dir / name).stat().st_mode & 0o777 == 0o600


def test_what_a_run_writes_is_nobody_elses_to_read(city):
    data_dir, *_ = city

    assert data_dir.stat().st_mode & 0o066 == 0
    assert open_to_others(data_dir) == []
    assert list(noted(data_dir / "logs/serve.log"))[-1] == "server_ended"


def test_a_city_half_built_is_built_anew(city):
    data_dir, _, said, _ = city

    assert "上次建演示数据时中断了" in said
    assert not (data_dir / "demo-world.building").exists()


def test_what_is_killed_is_back_within_seconds_and_what_dies_over_and_over_ends_the_run(settled):
    with Run(settled, "--no-demo", "--no-preview") as run:
        run.wait_until(run.is_up)
        for name in ("server.commands.serve", "server.fake_wechat", str(settled / "postgres/data")):
            killed = run.child(name)
            os.kill(killed, signal.SIGKILL)
            killed_at = time.monotonic()
            run.wait_until(lambda name=name, killed=killed: run.child(name) not in (None, killed))
            assert time.monotonic() - killed_at < 2
            run.wait_until(run.is_up)
        assert "SIGKILL" in noted(settled / "logs/serve.log")["process_died"]
        assert {"server_starts", "server_serves"} <= set(noted(settled / "logs/serve.log"))
        while run.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, TypeError):
                os.kill(run.child("server.commands.serve"), signal.SIGKILL)
            time.sleep(0.1)
        said, code = run.end()

    assert "服务程序反复退出" in said
    assert "logs/serve.log" in said
    assert code == 1
    assert processes(settled) == []


@pytest.mark.parametrize("seconds", [0.3, 1.5, 3.5])
def test_a_stop_during_the_start_leaves_nothing_behind(data_dir, seconds):
    with Run(data_dir) as run:
        time.sleep(seconds)
        run.process.send_signal(signal.SIGTERM)
        run.end()

    assert processes(data_dir) == []


def test_when_the_run_itself_is_killed_the_next_takes_over_its_database_and_finds_the_same_city(
    settled, city
):
    keys = (settled / "secrets.env").read_text()
    with Run(settled, "--no-demo", "--no-preview") as run:
        run.wait_until(run.is_up)
        database = run.child(str(settled / "postgres/data"))
        run.process.kill()
        run.end()
    give_up_at = time.monotonic() + 5
    while len(processes(settled)) > 1 and time.monotonic() < give_up_at:
        time.sleep(0.05)
    left = [pid for pid, _ in processes(settled)]
    with Run(settled, "--no-preview") as run:
        run.wait_until(run.is_up)
        taken_over = run.child(str(settled / "postgres/data"))
        again = json.loads((settled / "demo.json").read_text())

    assert left == [database]
    assert taken_over == database
    assert again["console_logins"] == city[1]["console_logins"]
    assert again["base_url"] == run.url
    assert (settled / "secrets.env").read_text() == keys
    assert processes(settled) == []


def test_a_taken_port_is_said_in_one_sentence(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with Run(data_dir, port=port) as run:
            said, code = run.end()

    assert said.startswith(f"端口 {port} 用不了（可能已被占用），请换一个，例如 scripts/run --port ")
    assert said.count("\n") == 1
    assert code == 1


def test_one_data_folder_serves_one_run(data_dir):
    data_dir.mkdir()
    with (data_dir / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Run(data_dir) as run:
            said, code = run.end()

    assert "正在被另一个 scripts/run 使用" in said
    assert code == 1


def test_data_without_their_keys_are_not_given_new_ones(data_dir):
    (data_dir / "postgres/data").mkdir(parents=True)
    with Run(data_dir) as run:
        said, code = run.end()

    assert "密钥文件" in said
    assert code == 1
    assert not (data_dir / "secrets.env").exists()


def test_missing_settings_are_told_in_the_servers_own_words(settled):
    with Run(settled, "--no-demo", "--no-preview", WECHAT_APPID="wx1") as run:
        said, code = run.end()

    assert "服务程序没有启动成功" in said
    assert "WECHAT_SECRET" in said
    assert code == 1
    assert processes(settled) == []


def test_the_trial_knows_the_fake_wechats_own_words():
    fake = FakeSettings()

    assert [fake.appid, fake.secret, fake.callback_token, fake.callback_aes_key] == list(FAKE_WECHAT.values())
