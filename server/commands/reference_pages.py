"""Writes the reference pages from the code: `python -m server.commands.reference_pages [--check]`."""

import sys
from collections.abc import Callable
from pathlib import Path

from sanic import Sanic

from models import vocabulary
from models.vocabulary import LedgerState, Role, Word
from server import people
from server.kernel.refusal import every_refusal
from server.ledger import NEXT
from server.web.app import attach_counters

FOLDER = Path(__file__).parents[1] / "reference"
NOTE = "<!-- Written by scripts/words from the code. Don't edit. -->\n\n"


def states_page() -> str:
    """The ledger's state diagram and its words, from the table in server/ledger/states.py."""
    lines = ["# 台账条目的状态", "", "```mermaid", "stateDiagram-v2", "    [*] --> registered: register"]
    for state in LedgerState:
        lines += [f"    {state.value} --> {then.value}: {step}" for step, then in NEXT[state].items()]
    lines += ["```", "", "| 状态 | 名称 | 可以做的 |", "| --- | --- | --- |"]
    lines += [
        f"| `{state.value}` | {state.label} | {'、'.join(NEXT[state]) or '终态'} |" for state in LedgerState
    ]
    return "\n".join(lines)


def refusals_page() -> str:
    """Every way to be refused: code, status, and the words people read."""
    lines = ["# 拒绝一览", "", "| 代码 | 状态 | 说什么 | 怎么办 | 重试 |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{one.code()}` | {one.status} | {one.message_zh} | {one.hint_zh} | {one.retry} |"
        for one in every_refusal()
    ]
    return "\n".join(lines)


def routes_page() -> str:
    """Every route that is served, and who is let to it."""
    app = Sanic("words", configure_logging=False)
    attach_counters(app)
    lines = ["# 路由一览", "", "| 方法 | 地址 | 谁可以 | 需要的职责 |", "| --- | --- | --- | --- |"]
    for route in sorted(app.router.routes, key=lambda one: (one.path, sorted(one.methods))):
        guard = route.ctx.guard
        who = guard.channel.label if guard.channel else "公开"
        permission = guard.permission.label if guard.permission else ("登录即可" if guard.channel else "")
        lines.append(f"| {'、'.join(sorted(route.methods))} | `/{route.path}` | {who} | {permission} |")
    return "\n".join(lines)


def duties_page() -> str:
    """Who may do what, and how far: the table of server/people/duties.py."""
    lines = [
        "# 职责与权限",
        "",
        "| 操作 | " + " | ".join(role.label for role in Role) + " |",
        "| --- " * (len(Role) + 1) + "|",
    ]
    for permission, roles in people.GRANTS.items():
        cells = [roles[role].label if role in roles else "" for role in Role]
        lines.append(f"| {permission.label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def glossary_page() -> str:
    """Every word of the vocabulary with its code value and its label."""
    lines = ["# 词汇表", ""]
    kinds = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, Word)]
    for kind in sorted((kind for kind in kinds if kind is not Word), key=lambda one: one.__name__):
        lines += [f"## {kind.__name__}", "", "| 代码 | 中文 |", "| --- | --- |"]
        lines += [f"| `{word.value}` | {word.label} |" for word in kind]
        lines.append("")
    return "\n".join(lines).rstrip()


PAGES: dict[str, Callable[[], str]] = {
    "states.md": states_page,
    "refusals.md": refusals_page,
    "routes.md": routes_page,
    "duties.md": duties_page,
    "glossary.md": glossary_page,
}


def stale_pages() -> list[str]:
    """The pages that are not as the code would write them now."""
    return [name for name, write in PAGES.items() if _written(name) != NOTE + write() + "\n"]


def main() -> None:
    """Write the pages, or with --check say which are stale and end with 1."""
    if "--check" in sys.argv:
        stale = stale_pages()
        sys.exit(f"参考页已过期，请运行 scripts/words:{'、'.join(stale)}" if stale else 0)
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(NOTE + write() + "\n", "utf-8")


def _written(name: str) -> str:
    path = FOLDER / name
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    main()
