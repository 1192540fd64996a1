"""Measures a photo upload over a bad connection: `scripts/bench uploading [--bytes 4000000] [--speed 50000] [--cut 8]`.

Uses a real server, the phone's own code and two tus clients; counts on the wire what passed, and what passed again
after the office had confirmed it. Exits with 1 if a photo did not arrive or a confirmed byte passed twice.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from server.trial.node_packages import HARNESS, MINIPROGRAM, environment, install
from tests.bad_line import BadLine, Passed
from tests.rig.servers import Estate

PATIENCE_S = 900
TUSPY = """
import sys
from tusclient.client import TusClient
server, token, file, digest = sys.argv[1:]
client = TusClient(f"{server}/api/v1/uploads", headers={"Authorization": f"Bearer {token}"})
uploader = client.uploader(file, chunk_size=65536, metadata={"sha256": digest}, upload_checksum=True,
                           retries=1000, retry_delay=1)
uploader.upload()
"""
TUS_JS = """
import fs from 'node:fs'
import * as tus from 'tus-js-client'
const [server, token, file, sha256] = process.argv.slice(-4)
const upload = new tus.Upload(fs.readFileSync(file), {
  endpoint: server + '/api/v1/uploads', chunkSize: 65536, metadata: { sha256 }, overridePatchMethod: true,
  headers: { authorization: `Bearer ${token}` }, storeFingerprintForResuming: false, retryDelays: [0, 1000, 3000, 5000],
  onError: (error) => { console.error(String(error)); process.exit(1) },
})
upload.start()
"""


def a_photo(size: int, *, seed: int) -> bytes:
    """Return a JPEG of exactly this size: noise, followed by trailing bytes as cameras leave them."""
    side = int((size / 1.7) ** 0.5)
    out = BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(side * side * 3)).save(
        out, "JPEG", quality=85
    )
    assert out.tell() < size
    return out.getvalue() + bytes(size - out.tell())


def programs(file: Path, digest: str) -> dict[str, list[str]]:
    """Return the clients' command lines with placeholders `<url>` and `<token>`."""
    own = ["node", str(HARNESS / "harness" / "uploading.mjs"), "<url>", "<token>", str(file)]
    python = [sys.executable, "-c", TUSPY, "<url>", "<token>", str(file), digest]
    node = ["node", "--input-type=module", "--eval", TUS_JS, "--", "<url>", "<token>", str(file), digest]
    return {"phone": own, "tuspy": python, "tus-js-client": node}


async def carry(words: list[str], *, line: BadLine, token: str) -> tuple[float, bool, str]:
    """Run one client to its end; return the seconds, whether it succeeded, and its last output."""
    filled = [word.replace("<url>", line.url).replace("<token>", token) for word in words]
    began = time.monotonic()
    running = await asyncio.create_subprocess_exec(
        *filled,
        cwd=HARNESS,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(running.communicate(), PATIENCE_S)
    finally:
        if running.returncode is None:
            running.kill()
    return time.monotonic() - began, running.returncode == 0, said.decode()[-300:].strip()


def line_of(name: str, took: float, passed: Passed, *, size: int) -> str:
    """Return one line for people."""
    facts = {
        "seconds": round(took, 1),
        "cuts": passed.cuts,
        "confirmed": passed.confirmed,
        "confirmed_and_sent_again": passed.twice,
        "on_the_wire": passed.total,
        "overhead": f"{passed.total / size - 1:.1%}",
        "parts": len(passed.parts),
        "largest_part": max(passed.parts, default=0),
    }
    return f"{name} {json.dumps(facts)}"


async def run(asked: argparse.Namespace) -> bool:
    """Send a new photo with every client; return whether all arrived and nothing confirmed passed twice."""
    install(HARNESS)
    install(MINIPROGRAM)
    is_kept = True
    async with Estate(servers=1, worker=False) as estate:
        members = await estate.found(3)
        for number, name in enumerate(asked.clients):
            photo = a_photo(asked.bytes, seed=number)
            file = estate.folder / f"{name}.jpg"
            file.write_bytes(photo)
            words = programs(file, hashlib.sha256(photo).hexdigest())[name]
            office = f"http://127.0.0.1:{estate.port(0)}"
            async with BadLine(office, speed=asked.speed, cut_every=asked.cut) as line:
                took, is_content, said = await carry(words, line=line, token=members[number]["token"])
            sys.stdout.write(f"{line_of(name, took, line.passed, size=len(photo))} {said}\n")
            sys.stdout.flush()
            whole = line.passed.confirmed == len(photo)
            is_kept = is_kept and is_content and whole and not line.passed.twice
    return is_kept


def main() -> None:
    """Measure; the exit code tells whether the promise was kept."""
    parser = argparse.ArgumentParser(prog="scripts/bench uploading", description=__doc__)
    parser.add_argument("--bytes", type=int, default=4_000_000)
    parser.add_argument("--speed", type=float, default=50_000, help="bytes a second")
    parser.add_argument(
        "--cut", type=float, default=8, help="seconds after which all connections break off, again and again"
    )
    parser.add_argument("--clients", nargs="*", default=["phone", "tuspy", "tus-js-client"])
    sys.exit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
