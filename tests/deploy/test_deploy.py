"""What the machines of a real city are set up with names what exists, and nothing secret is in the repository."""

import configparser
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from server.commands.licences import licences

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "scripts" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
NAMES = re.compile(r"\b(?:http|duchatong)_\w+")
SECRETS = (
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    r"\bglpat-[A-Za-z0-9_-]{20}\b",
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    r"(?:postgresql|redis|smtps?)://[^:/\s\"'{}<>]+:[^@/\s\"'{}<>]{8,}@(?!127\.0\.0\.1|localhost|host)",
)


def expressions():
    """Return every expression of the alerts and of the board."""
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text())
    board = json.loads((DEPLOY / "grafana-board.json").read_text())
    alerts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return alerts + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


async def test_alerts_and_board_ask_only_for_figures_that_servers_tell(office):
    client = office.client()
    await client.get("/live")
    told = set(re.findall(r"^(\w+)", (await client.get("/metrics")).text, re.MULTILINE))
    asked = {name for one in expressions() for name in NAMES.findall(one)}
    assert len(asked) >= 10
    assert asked <= told


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_program_of_ours_without_privileges(unit):
    told = configparser.ConfigParser(strict=False, interpolation=None)
    told.optionxform = str
    told.read(unit)
    service = told["Service"]
    module = re.search(r"-m (server[\w.]*)", service["ExecStart"])[1]
    assert importlib.util.find_spec(module)
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == (
        "duchatong",
        "yes",
        "strict",
    )
    assert service["Restart"] == "always"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd to ask")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_each_unit(unit, tmp_path):
    here = unit.read_text().replace("/srv/duchatong/.venv/bin/python", sys.executable).replace("%i", "8001")
    copy = tmp_path / unit.name.replace("@", "")
    copy.write_text(here)
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if copy.name in line] == []


def test_nothing_in_the_repository_looks_like_a_secret():
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found = []
    for name in filter(None, files.split("\0")):
        path = ROOT / name
        if (
            path.suffix in {".jpg", ".png", ".heic", ".woff2", ".gz"}
            or path == Path(__file__)
            or not path.is_file()
        ):
            continue
        text = path.read_text(errors="ignore")
        found += [(name, pattern) for pattern in SECRETS if re.search(pattern, text)]
    assert found == []


@pytest.mark.parametrize("pattern", range(len(SECRETS)))
def test_a_secret_would_be_found(pattern):
    examples = (
        "-----BEGIN " + "PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "glpat-" + "a" * 20,
        "xoxb-" + "1234567890",
        "postgresql://office:" + "Sup3rSecret@db.city.example/office",
    )
    assert re.search(SECRETS[pattern], examples[pattern])


def test_every_package_of_a_server_has_a_licence_that_lets_an_office_run_it():
    """No licence that reaches into our own code: what is linked as a library may be LGPL or MPL, nothing is GPL."""
    found = licences()
    assert len(found) > 60
    assert [name for name, licence in found.items() if not licence] == []
    strict = re.compile(r"(?<![L])GPL|General Public License", re.IGNORECASE)
    lesser = re.compile(r"Lesser|LGPL|Mozilla", re.IGNORECASE)
    assert [name for name, one in found.items() if strict.search(one) and not lesser.search(one)] == []
