"""Figures about the code base: `scripts/bench house --at 05803b3 --at HEAD` compares commits.

Without `--at` it measures the working tree. Product files are those of server and models, without migrations.
A hop is a call from one function to another, found in the code without running it: names are followed through imports,
`__init__` and tables. Calls that are reached only through an argument are not seen.
"""

import argparse
import ast
import io
import re
import statistics
import subprocess
import tarfile
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from tests.bench.calls import Calls

ROOT = Path(__file__).parents[2]
ACTION = "resume"  # of the ledger; the files that name it show what one added action touches
NAMED_IN = {".py", ".ts", ".html", ".wxml", ".toml"}
GENERATED = "Written by scripts/words"
BEGINNINGS = {  # where a request comes in: the newest name that a commit knows
    "a photo from its route": ("server.web.miniapp.photos.keep_photo", "server.miniapp.photos.keep_photo"),
    "a close-out from its verb": ("server.ledger.closing.request_close_out",),
}


def product(root: Path) -> list[Path]:
    """Return the Python files of the product."""
    found = (path for top in ("server", "models") for path in (root / top).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def measured(root: Path) -> dict[str, str]:
    """Return every figure by its name, as text."""
    texts = {path: path.read_text("utf-8") for path in product(root)}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    lines = sum(text.count("\n") for text in texts.values())
    imported = sum(import_lines(tree) for tree in trees.values())
    functions = sorted(
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(root)}::{node.name}")
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    longest = max(texts, key=lambda path: texts[path].count("\n"))
    figures = {
        "product files": f"{len(texts):,}",
        "product lines": f"{lines:,}",
        "longest file": f"{texts[longest].count(chr(10))} ({longest.relative_to(root)})",
        "functions": f"{len(functions):,}",
        "lines of a function, median": f"{statistics.median(length for length, _ in functions):g}",
        "lines of a function, most": "{} ({})".format(*functions[-1]),
        "lines that import": f"{imported / lines:.1%}",
        "files loose in server/": str(len(list((root / "server").glob("*.py"))) - 1),  # without __init__
        f"files that name the action {ACTION}": str(len(list(naming(root)))),
    }
    return figures | hops(root, trees)


def import_lines(tree: ast.Module) -> int:
    """Count a file's lines of imports."""
    said = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return sum(node.end_lineno - node.lineno + 1 for node in said)


def naming(root: Path) -> Iterator[Path]:
    """Yield handwritten files, including the mini-program's, that name the action in any letter case."""
    word = re.compile(rf"(?<![A-Za-z]){ACTION}(?![a-z])", re.IGNORECASE)
    for top in ("server", "models", "miniprogram"):
        for path in (root / top).rglob("*"):
            is_ours = path.suffix in NAMED_IN and not {"node_modules", "migrations"} & set(path.parts)
            if is_ours and GENERATED not in (text := path.read_text("utf-8")) and word.search(text):
                yield path


def hops(root: Path, trees: dict[Path, ast.Module]) -> dict[str, str]:
    """Return the shortest paths from a request's entry point to its first database query and to the journal."""
    calls = Calls(root, trees)
    figures = {}
    for name, beginnings in BEGINNINGS.items():
        begin = next(one for one in beginnings if one in calls.reach)
        for goal, reached in (("a table", calls.asks), ("the journal", calls.records)):
            way = shortest(calls, begin, reached)
            figures[f"hops of {name} to {goal}"] = f"{len(way)}: {' → '.join(map(short, way))}"
        figures[f"files on all ways of {name} to the journal"] = str(len(on_the_ways(calls, begin)))
    return figures


def shortest(calls: Calls, begin: str, goals: set[str]) -> list[str]:
    """Return the functions from `begin` to the first of `goals`, both included; empty if there is no path."""
    waiting, came = deque([begin]), {begin: ""}
    while waiting:
        here = waiting.popleft()
        if here in goals:
            way = []
            while here:
                way, here = [here, *way], came[here]
            return way
        for there in sorted(calls.reach.get(here, ())):
            if there not in came:
                came[there] = here
                waiting.append(there)
    return []


def on_the_ways(calls: Calls, begin: str) -> set[str]:
    """Return the files of all functions on some path to the journal."""
    from_here = calls.from_there(begin, calls.reach)
    backward: dict[str, set[str]] = {}
    for here, there in ((here, there) for here, all_there in calls.reach.items() for there in all_there):
        backward.setdefault(there, set()).add(here)
    to_there = set().union(*(calls.from_there(goal, backward) for goal in calls.records))
    return {calls.file_of[one] for one in from_here & to_there if one in calls.file_of}


def short(name: str) -> str:
    """Return the last two parts of a dotted name."""
    return ".".join(name.split(".")[-2:])


def checked_out(commit: str, folder: Path) -> Path:
    """Check out the product at a commit."""
    packed = subprocess.run(
        ["git", "archive", commit, "server", "models", "miniprogram"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def main() -> None:
    """Print a table with a column for each commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", action="append", default=[], metavar="COMMIT")
    columns = {}
    for commit in parser.parse_args().at or [""]:
        with tempfile.TemporaryDirectory() as folder:
            columns[commit or "here"] = measured(checked_out(commit, Path(folder)) if commit else ROOT)
    print("| | " + " | ".join(columns) + " |\n| --- " + "| --- " * len(columns) + "|")
    for name in next(iter(columns.values())):
        print(f"| {name} | " + " | ".join(figures[name] for figures in columns.values()) + " |")


if __name__ == "__main__":
    main()
