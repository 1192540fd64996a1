"""The command line: prints the findings; exits with 1 if anything is wrong, 2 if it could not check."""

import argparse
import asyncio
import os
import re
import sys
from pathlib import Path

import asyncpg

from server.verifying.findings import Progress
from server.verifying.stored import NoStorage
from server.verifying.usual_places import usual_anchors, usual_folder_of_photos, usual_storage
from server.verifying.verifying import verify


def main() -> None:
    """Verify the database of DATABASE_URL."""
    parser = argparse.ArgumentParser(description="核验存证账本、日志、编号和照片，只读，不需要密钥")
    parser.add_argument("--anchors", type=Path, default=usual_anchors(), help="锚点文件，或存放锚点的文件夹")
    parser.add_argument(
        "--storage", help="照片存放的地方：file:///… 或 s3://…；none：不核验照片；不写：与服务器的设置相同"
    )
    parser.add_argument(
        *("--seen", "-s"),
        type=_seen,
        action="append",
        default=[],
        metavar="块号:校验值",
        help="抄在别处的块，例如日志页、导出表上的 12:4e43aacc；可以写多个",
    )
    options = parser.parse_args()
    url = os.environ.get("DATABASE_URL")
    if not url:
        _end("没有核验：请设置 DATABASE_URL。")
    progress = Progress(is_shown=sys.stderr.isatty())
    try:
        result = asyncio.run(
            verify(
                url or "",
                anchors=options.anchors,
                storage=_storage(options.storage),
                seen=options.seen,
                progress=progress,
            )
        )
    except asyncpg.InsufficientPrivilegeError:
        _end(
            "没有核验：这个数据库账号读不全数据。请改用数据库所有者，或加入 pg_read_all_data 的账号"
            "（办公台用 VERIFY_DATABASE_URL）。"
        )
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        _end("没有核验：这个数据库里没有存证账本，请先运行 scripts/migrate。")
    except NoStorage:
        _end("没有核验：照片存放的地方写得不对，应为 file:///… 或 s3://…")
    except (OSError, asyncpg.PostgresError) as error:
        _end(f"没有核验：连不上数据库或数据库出错（{type(error).__name__}）。")
    for fault in result.faults:
        sys.stdout.write(f"异常：{fault}\n")
    for hint in result.hints:
        sys.stdout.write(f"提示：{hint}\n")
    verdict = f"核验不通过，{len(result.faults)}处异常" if result.faults else "核验通过"
    sys.stdout.write(f"{verdict}：{result.summary}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    # All output is written. Threads of the storage library may abort the process while it exits, and
    # then the verdict would look like a crash (seen once in some thousand runs).
    os._exit(1 if result.faults else 0)


def _seen(written: str) -> tuple[int, str]:
    number, _, start = written.replace("：", ":").partition(":")
    if not (number.isascii() and number.isdigit() and re.fullmatch("[0-9a-f]{8,64}", start)):
        raise argparse.ArgumentTypeError("应写成 块号:校验值，校验值至少8位，例如 12:4e43aacc")
    return int(number), start


def _storage(asked: str | None) -> str | None:
    """Return the address of the photos; a default folder that does not exist is skipped."""
    if asked:
        return None if asked == "none" else asked
    is_somewhere = os.environ.get("STORAGE_URL") or usual_folder_of_photos().is_dir()
    return usual_storage() if is_somewhere else None


def _end(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
