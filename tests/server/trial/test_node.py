import shutil
import subprocess
from pathlib import Path

import pytest

from server.trial.node import OLDEST, machines_own, make_folder, node_folder


def told_by(folder, program):
    words = [folder / program, "--version"]
    return subprocess.run(words, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, text=True)


@pytest.fixture
def bin_folder(tmp_path):
    """A folder of programs that report this version."""

    def make(version, *names):
        for name in names:
            (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
            (tmp_path / name).chmod(0o755)
        return tmp_path

    return make


def test_a_node_with_npm_is_found_or_brought_that_is_new_enough():
    folder = node_folder()

    assert int(told_by(folder, "node").stdout.removeprefix("v").split(".")[0]) >= OLDEST
    assert told_by(folder, "npm").returncode == 0


def test_a_new_node_of_the_machine_is_taken(bin_folder):
    folder = bin_folder("v22.1.0", "node", "npm")

    assert machines_own(str(folder)) == folder


def test_an_old_node_and_one_without_npm_are_passed_over(bin_folder):
    assert machines_own(str(bin_folder("v22.1.0", "node"))) is None
    assert machines_own(str(bin_folder("v18.19.0", "node", "npm"))) is None


def test_the_npm_of_a_wheel_is_started_by_its_own_node(tmp_path):
    wheel, folder = tmp_path / "wheel", tmp_path / "node"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "lib/node_modules/npm/bin").mkdir(parents=True)
    folder.mkdir()
    (wheel / "bin/node").symlink_to(Path(shutil.which("node", path=node_folder())))
    (wheel / "lib/node_modules/npm/bin/npm-cli.js").write_text("console.log(process.execPath)")

    make_folder(folder, wheel=wheel)

    assert told_by(folder, "npm").stdout.strip().endswith("node")
