"""Finds which function mentions which, read from the code: for figures, not for proofs."""

import ast
from collections.abc import Iterator
from pathlib import Path

QUERIES = {"create", "get", "get_or_none", "filter", "exists", "all", "bulk_create", "select_for_update"}
QUERIES |= {
    "get_or_create",
    "update_or_create",
    "first",
    "exclude",
    "fetch",
    "fetchval",
    "fetchrow",
    "execute",
}
QUERIES |= {"execute_query", "execute_query_dict"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


class Calls:
    """`reach`: the product's names that each definition mentions; `asks`: those that query the database themselves."""

    def __init__(self, root: Path, trees: dict[Path, ast.Module]) -> None:
        self._names = {}
        for path, tree in trees.items():
            module = module_of(path, root)
            self._names[module] = {name: f"{module}.{name}" for name, _ in definitions(tree)} | names_in(tree)
        self.reach: dict[str, set[str]] = {}
        self.file_of: dict[str, str] = {}
        self.asks: set[str] = set()
        self.records: set[str] = set()
        for path, tree in trees.items():
            self._read(module_of(path, root), tree, str(path.relative_to(root)))

    def from_there(self, begin: str, steps: dict[str, set[str]]) -> set[str]:
        """Return everything that can be reached by steps."""
        found, waiting = {begin}, [begin]
        while waiting:
            new = steps.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    def _read(self, module: str, tree: ast.Module, file: str) -> None:
        for name, definition in definitions(tree):
            here = f"{module}.{name}"
            mentioned = set(self._mentioned(module, definition))
            self.reach[here] = {one for one in mentioned if one.startswith("server.")} - {here}
            self.file_of[here] = file
            if any(is_query(node) for node in ast.walk(definition)):
                self.asks.add(here)
            if name == "record" and module in {"server.journal", "server.journal.entries"}:
                self.records.add(here)

    def _mentioned(self, module: str, definition: ast.AST) -> Iterator[str]:
        decorators = {
            id(node)
            for decorator in getattr(definition, "decorator_list", [])
            for node in ast.walk(decorator)
        }
        for node in ast.walk(definition):
            if id(node) in decorators or not isinstance(node, ast.Name | ast.Attribute):
                continue
            dotted = ast.unparse(node)
            if found := self._resolved(module, dotted):
                yield found

    def _resolved(self, module: str, dotted: str, *, depth: int = 0) -> str:
        """Return the full name of `dotted` in a module; "" for names outside the product."""
        head, _, rest = dotted.partition(".")
        meant = self._names.get(module, {}).get(head)
        if meant is None or depth > 6:
            return ""
        whole = f"{meant}.{rest}" if rest else meant
        owner, _, name = whole.rpartition(".")
        if owner == module or owner not in self._names:
            return whole
        return self._resolved(owner, name, depth=depth + 1) or whole


def module_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def names_in(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name of a module stands for."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {(one.asname or one.name): one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(one.asname or one.name): f"{node.module}.{one.name}" for one in node.names}
    return found


def definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    """Yield functions, classes and tables of a module's top level."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def is_query(node: ast.AST) -> bool:
    """Whether it is an awaited or chained database query: `Model.get(…)`, `connection.fetch(…)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in QUERIES
        and ast.unparse(node.func.value)[:1].isupper() | (node.func.attr.startswith(("fetch", "execute")))
    )
