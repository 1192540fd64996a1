"""What the mini-program must pass before anybody sees it."""

import subprocess
from pathlib import Path

import pytest

from server.trial.node import TOOLS
from server.trial.node_packages import HARNESS, MINIPROGRAM, environment, install
from server.trial.watching import ROOT

MAIN_PACKAGE_BYTES = 1_200_000
NOT_SHIPPED = {"node_modules", "package.json", "package-lock.json", "tsconfig.json", ".npmrc"}


@pytest.fixture(scope="module", autouse=True)
def installed():
    install(HARNESS)
    install(MINIPROGRAM)


def node(*words: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment(), capture_output=True, text=True
    )


def passes(*words: object, folder: Path = ROOT) -> None:
    done = node(*words, folder=folder)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]


def test_the_types_are_sound():
    told_last_time = ["--incremental", "--tsBuildInfoFile", TOOLS / "miniprogram.tsbuildinfo"]
    passes("node", "node_modules/typescript/bin/tsc", "--noEmit", *told_last_time, folder=MINIPROGRAM)


def test_the_official_compilers_take_every_page():
    passes("node", HARNESS / "harness" / "official.mjs")


def test_what_lies_vendored_is_what_the_lock_file_gives():
    passes("node", HARNESS / "harness" / "vendor.mjs", "--check")


def test_unit_tests_of_services_and_pages_pass():
    passes("node", "unit/all.mjs", folder=HARNESS)


def test_the_main_package_stays_small():
    files = [one for one in MINIPROGRAM.rglob("*") if one.is_file()]
    shipped = [one.relative_to(MINIPROGRAM) for one in files]
    main = [one for one in shipped if one.parts[0] not in NOT_SHIPPED and one.parts[0] != "packages"]
    assert sum((MINIPROGRAM / one).stat().st_size for one in main) < MAIN_PACKAGE_BYTES
