"""Runs the whole product on this machine: `scripts/run`. Ctrl-C stops everything it started."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from server.trial.folder import Trial
from server.trial.looking import answers
from server.trial.obstacle import Obstacle
from server.trial.watching import StopAsked, Watch, say


def main() -> int:
    """Run until told to stop; return 0 after a stop, 1 if something prevented it."""
    try:
        run(read_options())
    except StopAsked:
        say("已停止，数据都还在。")
        return 0
    except Obstacle as obstacle:
        say(str(obstacle))
        return 1


def read_options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="scripts/run", description="在本机试用督察通。按 Ctrl-C 停止。")
    parser.add_argument("--port", type=int, default=8000, help="网页和接口的端口，默认 8000")
    parser.add_argument("--data-dir", type=Path, default=Path("var"), help="数据文件夹，默认 var")
    parser.add_argument("--no-demo", action="store_true", help="不建演示数据")
    parser.add_argument("--no-preview", action="store_true", help="不开手机预览")
    return parser.parse_args()


def run(options: argparse.Namespace) -> NoReturn:
    """Start everything in order and keep it running; a normal run ends with StopAsked."""
    trial = Trial(options.data_dir.absolute(), port=options.port)
    watch = Watch()
    with trial.claimed(), trial.database(), watch:
        trial.keep_wechat(watch)
        if options.no_demo:
            watch.do(trial.program("数据库升级", "server.commands.migrate"))
        else:
            say("正在准备演示数据……")
            watch.do(trial.program("演示数据准备", "server.trial.filling", str(trial.world_file)))
        serve = trial.program("服务程序", "server.commands.serve", "--port", str(options.port))
        watch.keep(serve, is_ready=lambda: answers(f"{trial.base_url}/ready"))
        if not options.no_preview:
            trial.keep_preview(watch)

        facts = trial.facts()
        facts.write(trial.data_dir / "demo.json")
        say("\n".join(facts.lines(data_dir=trial.data_dir)))
        while True:
            watch.pause()
            trial.look_at_database()
            watch.look()


if __name__ == "__main__":
    sys.exit(main())
