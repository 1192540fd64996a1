"""The command line of `scripts/backup` and `scripts/restore`; exits with 1 if what it says is a failure."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from server.backups.checking import check
from server.backups.following import follow
from server.backups.restoring import Restored, restore
from server.backups.shelf import BackupFailed, Shelf
from server.backups.taking import take
from server.gateways.storage import Storage
from server.kernel.clock import SHANGHAI
from server.verifying.usual_places import usual_anchors, usual_data_dir, usual_storage


def main() -> None:
    """Take, follow, restore, drill or check backups."""
    options = _parser().parse_args()
    try:
        asyncio.run(options.act(options))
    except BackupFailed as failed:
        _say(f"失败：{failed}")
        sys.exit(1)


async def _take(options: argparse.Namespace) -> None:
    record, place, copied = await take(
        _needed("DATABASE_URL"), Shelf(options.shelf), storage=_storage(), anchors=usual_anchors()
    )
    _say(f"已备份到{place}：账本到第{record.block or 0}块，新增照片文件{copied}个。")


async def _follow(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _say("正在接收数据库日志，每分钟复制照片文件；按 Ctrl-C 停止。")
    await follow(_needed("DATABASE_URL"), Shelf(options.shelf), storage=_storage(), stop=stop, say=_say)


async def _restore(options: argparse.Namespace) -> None:
    done = await restore(Shelf(options.shelf), options.to, at=options.at, anchors=options.anchors, say=_say)
    _judge(done)
    _say(f"数据库在{done.database}，照片文件在{done.storage}。核对无误后换上，再启动服务。")


async def _drill(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="duchatong-drill-", dir=options.room) as folder:
        done = await restore(
            Shelf(options.shelf), Path(folder) / "restored", anchors=options.anchors, say=_say
        )
    _judge(done)
    Shelf(options.shelf).note_drill(done.record)


async def _check(options: argparse.Namespace) -> None:
    _say(check(Shelf(options.shelf)))


def _judge(done: Restored) -> None:
    for fault in done.faults:
        _say(f"异常：{fault}")
    if done.faults:
        raise BackupFailed(
            f"恢复出来的数据核验不通过，{len(done.faults)}处异常。请不要换上，改用更早的备份。"
        )
    _say(f"核验通过，用时{done.seconds:.1f}秒：{done.summary}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="备份、恢复和演练")
    acts = parser.add_subparsers(required=True)
    for name, act, words in (
        ("take", _take, "备份一次：数据库和照片文件"),
        ("follow", _follow, "一直接收数据库日志，每分钟复制照片文件"),
        ("restore", _restore, "恢复到一个空文件夹，并核验"),
        ("drill", _drill, "恢复到临时文件夹、核验、删除，并记下演练日期"),
        ("check", _check, "备份和演练是否按时"),
    ):
        one = acts.add_parser(name, help=words)
        one.add_argument("shelf", type=Path, metavar="备份文件夹")
        one.set_defaults(act=act)
        if name == "restore":
            one.add_argument("to", type=Path, metavar="恢复到")
            one.add_argument(
                "--at", type=_instant, help="恢复到这个时刻（北京时间），例如 2026-11-28T12:00:00"
            )
        if name in ("restore", "drill"):
            one.add_argument("--anchors", type=Path, help="另外保存的锚点文件；不写：用备份里的")
        if name == "drill":
            one.add_argument("--room", type=Path, help="放临时文件的地方；不写：系统的临时文件夹")
    return parser


def _instant(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise BackupFailed(f"请设置{name}。")
    return value


def _storage() -> Storage:
    return Storage.at(usual_storage(), staging=usual_data_dir() / "staging")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
