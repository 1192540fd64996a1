"""Measures how fast each console page answers and how large it is: `scripts/bench pages` while `scripts/run` runs.

Signs in as the demo's office lead, follows every link of the console once per kind of page, and requests each five
times on a warm connection: the median time to the first byte, and the bytes of the page with all its files as sent.
"""

import re
import statistics
import sys
import time
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
import pyotp

WHO = "罗主任"
TIMES = 5
MOST_MS, MOST_KB = 100, 500
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LINK = re.compile(r'<a [^>]*href="(/console[^"#]*)"')
FILE = re.compile(r'<(?:script|img|image|link)[^>]* (?:src|href)="([^"]+)"')
NEVER = ("/sign-out", "/file", "/export", "/template", "/photos/", "/evidence/")


def sign_in(facts: dict[str, Any]) -> httpx.Client:
    """Return a signed-in connection to the console."""
    base = f"{urlsplit(facts['console_url']).scheme}://{urlsplit(facts['console_url']).netloc}"
    line = httpx.Client(base_url=base, headers={"origin": base}, timeout=30, trust_env=False)
    login = facts["console_logins"][WHO]
    form = {"username": login["username"], "password": login["password"]}
    form["code"] = pyotp.TOTP(login["totp_secret"]).at(datetime.now(UTC))
    answer = line.post("/console/sign-in", data=form)
    if answer.status_code != 303:
        sys.exit("没有登录成功，动态码每30秒只能用一次，请过半分钟再试。")
    return line


def kind_of(path: str) -> str:
    """Return a page's kind: pages that differ only in the thing they show are one kind."""
    return UUID.sub("…", urlsplit(path).path)


def walk(line: httpx.Client) -> dict[str, str]:
    """Return one address for each kind of page that links lead to."""
    found: dict[str, str] = {}
    waiting = ["/console"]
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in found or any(one in path for one in NEVER):
            continue
        answer = line.get(path)
        if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        found[kind_of(path)] = path
        waiting += [unescape(link) for link in LINK.findall(answer.text)]
    return found


def first_byte_ms(line: httpx.Client, path: str) -> float:
    """Return how long the server takes to begin its answer."""
    started = time.perf_counter()
    with line.stream("GET", path) as answer:
        spent = time.perf_counter() - started
        answer.read()
    return spent * 1000


def weight_kb(line: httpx.Client, path: str) -> float:
    """Return the transferred size of the page and every file it requests."""
    with line.stream("GET", path) as answer:
        answer.read()
        total, text = answer.num_bytes_downloaded, answer.text
    for file in sorted({unescape(one) for one in FILE.findall(text)}):
        address = urljoin(str(line.base_url), file)
        if file.startswith("data:") or not address.startswith(str(line.base_url)):
            continue
        with line.stream("GET", address) as answer:
            answer.read()
            total += answer.num_bytes_downloaded
    return total / 1024


def main(facts_at: Path) -> None:
    """Print a table of all pages; exit with 1 if one is too slow or too heavy."""
    line = sign_in(msgspec.json.decode(facts_at.read_bytes()))
    worst = 0
    sys.stdout.write("| page | first byte, ms | weight, KB |\n| --- | ---: | ---: |\n")
    for kind, path in sorted(walk(line).items()):
        first_byte_ms(line, path)
        took = statistics.median(first_byte_ms(line, path) for _ in range(TIMES))
        weight = weight_kb(line, path)
        worst += took >= MOST_MS or weight >= MOST_KB
        sys.stdout.write(f"| {kind} | {took:.0f} | {weight:.0f} |\n")
    sys.exit(1 if worst else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/demo.json"))
