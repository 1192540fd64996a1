"""Lists the licences of all that is installed on a server: `.venv/bin/python -m server.commands.licences`."""

import re
import sys
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[2] / "scripts" / "requirements.lock"
PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
OSI = "License :: OSI Approved :: "


def licences() -> dict[str, str]:
    """Return the licence of every pinned package that is installed here; packages of other platforms are left out."""
    found = {}
    for name, _ in PINNED.findall(LOCK.read_text()):
        try:
            found[name] = licence_of(metadata.metadata(name).json)
        except metadata.PackageNotFoundError:
            continue
    return found


def licence_of(told: dict[str, str | list[str]]) -> str:
    """Return the licence that a package names, in the field or the classifiers it uses for that; "" if it does not."""
    if expression := told.get("license_expression"):
        return str(expression)
    named = [one.removeprefix(OSI) for one in told.get("classifier", []) if one.startswith(OSI)]
    written = str(told.get("license", "")).strip()
    return "; ".join(named) or (written if "\n" not in written and len(written) < 60 else "")


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}: {licence}\n" for name, licence in licences().items()))
