"""Builds the mini-program for a browser, with the same harness as its tests."""

import subprocess
import sys
from pathlib import Path

from server.trial.node_packages import HARNESS, MINIPROGRAM, environment, install
from server.trial.obstacle import Obstacle


def build(out: Path, *, source: Path = MINIPROGRAM) -> None:
    """Compile the mini-program at `source` to a page in `out`; raises Obstacle naming its faults."""
    install(HARNESS, only_running=True)
    words = ["node", str(HARNESS / "harness" / "build.mjs"), str(source), str(out)]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Obstacle(f"小程序没有编译成功。\n{done.stderr[-4000:]}")


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]))
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
