"""The lock files say exactly what is installed, and match pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = {
    "trial": "requirements.lock",
    "develop": "requirements-develop.lock",
    "node": "requirements-node.lock",
}
ENTRY = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)[^\n]*((?:\\\n\s+--hash=sha256:[0-9a-f]{64}\s*)+)$", re.M
)


def text_of(name):
    return (ROOT / "scripts" / LOCKS[name]).read_text("utf-8")


def pins(name):
    """Return every version the lock allows, by package; a package may have one for each Python."""
    found = {}
    for package, version, _ in ENTRY.findall(text_of(name)):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_has_its_hashes(name):
    entries = [line for line in text_of(name).splitlines() if re.match(r"[A-Za-z0-9]", line)]

    assert len(entries) == len(ENTRY.findall(text_of(name)))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_path(name):
    assert re.findall(r"(?m).*(?:://|\s/|@ |^-).*", text_of(name)) == []


@pytest.mark.parametrize(("name", "extras"), [("trial", ["trial"]), ("develop", ["trial", "develop"])])
def test_a_lock_holds_what_the_project_asks_for(name, extras):
    asked = [
        *PROJECT["dependencies"],
        *(line for extra in extras for line in PROJECT["optional-dependencies"][extra]),
    ]
    locked = pins(name)

    missing = [
        line
        for line in map(Requirement, asked)
        if not any(
            line.specifier.contains(version) for version in locked.get(canonicalize_name(line.name), ())
        )
    ]

    assert missing == [], "run scripts/lock"


def test_both_sets_hold_the_same_versions():
    develop = pins("develop")

    assert {
        package: versions for package, versions in pins("trial").items() if develop[package] != versions
    } == {}
