"""Writes server/reference, models/README.md and the phone's table of actions from the code.

`python -m server.commands.reference_pages [--check]`
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from sanic import Sanic
from tortoise import Model
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance

import models
from models import covered, vocabulary
from models.personal import PERSONAL
from models.vocabulary import LedgerState, Role, Word
from server import ledger, people
from server.kernel.refusal import every_refusal
from server.web.app import attach_counters

ROOT = Path(__file__).parents[2]
NOTE = "Written by scripts/words from the code. Don't edit."
NOTES = {".md": f"<!-- {NOTE} -->", ".ts": f"// {NOTE}"}


def states_page() -> str:
    """The ledger's state diagram and its labels, from the table in server/ledger/states.py."""
    lines = ["# 台账条目的状态", "", "```mermaid", "stateDiagram-v2", "    [*] --> registered: register"]
    for state in LedgerState:
        lines += [
            f"    {state.value} --> {then.value}: {step}"
            for step, then in ledger.MACHINE.table[state].items()
        ]
    lines += ["```", "", "| 状态 | 名称 | 可以做的 |", "| --- | --- | --- |"]
    lines += [
        f"| `{state.value}` | {state.label} | {'、'.join(ledger.MACHINE.steps_from(state)) or '终态'} |"
        for state in LedgerState
    ]
    return "\n".join(lines)


def refusals_page() -> str:
    """Every refusal: code, status, and the words that people read."""
    lines = ["# 拒绝一览", "", "| 代码 | 状态 | 说什么 | 怎么办 | 重试 |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{one.code()}` | {one.status} | {one.message_zh} | {one.hint_zh} | {one.retry} |"
        for one in every_refusal()
    ]
    return "\n".join(lines)


def routes_page() -> str:
    """Every route, and who may use it."""
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
    """Who may do what, and in which scope: the table of server/people/duties.py."""
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


TABLES_SAY = """# The tables

What the office remembers: a table a line, by the file that declares it. The ledger commits to every change of a table
with ✓ ([0020](../server/decisions/0020-any-change-shows.md), `covered.py`). `identity`, `reporter`, `salt` and
`escrow` are read by roles of their own ([0006](../server/decisions/0006-one-database-two-roles.md)), all others by
`duchatong_app`. The words of columns are in `vocabulary.py`, how the tables came about in `migrations/`."""
HEAD = ["| Table | Model | ✓ | What a row is |", "| --- | --- | --- | --- |"]


def tables_page() -> str:
    """Every table with the first line of its model's docstring."""
    lines, last = [TABLES_SAY], ""
    for table in sorted(_tables(), key=lambda one: (one.__module__, inspect.getsourcelines(one)[1])):
        file = table.__module__.removeprefix("models.")
        if file != last:
            lines += ["", f"## `{file}.py`", "", *HEAD]
        last, name = file, str(table._meta.db_table)
        mark = "✓" if name in covered.COVERED else ""
        says = (table.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `{name}` | `{table.__name__}` | {mark} | {says} |")
    return "\n".join(lines)


def _tables() -> Iterator[type[Model]]:
    return (one for one in vars(models).values() if isinstance(one, type) and issubclass(one, Model))


def data_map_page() -> str:
    """Which personal data lie where, whose they are and how long they stay, from models/personal.py and the models."""
    lines = ["# 个人信息一览", "", "不收集身份证号；群众不用留姓名和电话。", ""]
    lines += ["| 数据表 | 列 | 谁的 | 是什么 | 怎么存 | 存多久 |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{table}` | {'、'.join(f'`{one}`' for one in part.columns)} | {part.whose} | {part.what} "
        f"| {part.lies} | {part.stays} |"
        for table, parts in sorted(PERSONAL.items())
        for part in parts
    ]
    lines += ["", "## 指向人的列", "", "只有内部编号，注销时随人删除，或因办理档案而保留代号。", ""]
    lines += ["| 列 | 人删除时 |", "| --- | --- |"]
    lines += sorted(f"| `{where}` | {what} |" for where, what in _pointers())
    return "\n".join(lines)


def _pointers() -> Iterator[tuple[str, str]]:
    """Yield each column that refers to a person, and what the database does to it when the person is deleted."""
    becomes = {OnDelete.CASCADE: "一起删除", OnDelete.SET_NULL: "清空"}
    for table in _tables():
        for name, field in table._meta.fields_map.items():
            if isinstance(field, ForeignKeyFieldInstance) and field.model_name == "models.Person":
                yield f"{table._meta.db_table}.{name}_id", becomes.get(field.on_delete, "保留代号")


def phone_actions() -> str:
    """The actions phones may offer on an item, from server/ledger/actions.py: address, label, confirmation."""
    lines = ["export const ACTIONS = {"]
    lines += [
        f"  {one.code}: {{ noun: '{one.noun}', label: '{one.label}', done: '{one.done}' }},"
        for one in ledger.addressed()
        if one.operation
    ]
    return "\n".join([*lines, "} as const", "export type ActionCode = keyof typeof ACTIONS"])


PAGES: dict[str, Callable[[], str]] = {
    "server/reference/states.md": states_page,
    "server/reference/refusals.md": refusals_page,
    "server/reference/routes.md": routes_page,
    "server/reference/duties.md": duties_page,
    "server/reference/glossary.md": glossary_page,
    "server/reference/data_map.md": data_map_page,
    "models/README.md": tables_page,
    "miniprogram/services/actions.ts": phone_actions,
}


def stale_pages() -> list[str]:
    """Return the pages that differ from what the code would write now."""
    return [name for name in PAGES if _written(name) != _page(name)]


def main() -> None:
    """Write the pages; with --check, name the stale ones and exit with 1."""
    if "--check" in sys.argv:
        stale = stale_pages()
        sys.exit(f"参考页已过期，请运行 scripts/words:{'、'.join(stale)}" if stale else 0)
    for name in PAGES:
        (ROOT / name).write_text(_page(name), "utf-8")


def _page(name: str) -> str:
    return f"{NOTES[Path(name).suffix]}\n\n{PAGES[name]()}\n"


def _written(name: str) -> str:
    path = ROOT / name
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    main()
