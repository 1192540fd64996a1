"""Typesets a document to PDF with typst, in a bounded child process without secrets."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[3]
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
DOCUMENT, DATA, RESULT = "document.typ", "data.json", "result.pdf"
PAGES = "--pages"


class TypesettingFailed(Exception):
    """The document could not be typeset, or not in time; the message contains what typst said."""


async def typeset(
    document: str,
    *,
    data: bytes,
    pictures: Mapping[str, bytes],
    fonts: Path | None = None,
    seconds: float = 120,
) -> bytes:
    """Typeset a typst document as PDF/A; it reads `data.json` and the pictures by their names.

    `fonts` is the office's own font folder; without it the machine's fonts are used, and for characters they lack
    the one we ship. Raises TypesettingFailed.
    """
    with tempfile.TemporaryDirectory(prefix="typeset-") as name:
        folder = Path(name)
        await asyncio.to_thread(_lay_out, folder, document, data, pictures)
        await _run([str(folder), *([str(fonts)] if fonts else [])], seconds=seconds)
        return await asyncio.to_thread((folder / RESULT).read_bytes)


async def typeset_with_pages(
    document: str, *, data: bytes, fonts: Path | None = None, seconds: float = 120
) -> tuple[bytes, list[bytes]]:
    """Typeset a typst document as PDF/A and as one PNG for each page, 150 pixels an inch. Raises TypesettingFailed."""
    with tempfile.TemporaryDirectory(prefix="typeset-") as name:
        folder = Path(name)
        await asyncio.to_thread(_lay_out, folder, document, data, {})
        await _run([str(folder), PAGES, *([str(fonts)] if fonts else [])], seconds=seconds)
        return await asyncio.to_thread(_collect, folder)


def _collect(folder: Path) -> tuple[bytes, list[bytes]]:
    pages = sorted(folder.glob("page-*.png"))
    return (folder / RESULT).read_bytes(), [page.read_bytes() for page in pages]


def _lay_out(folder: Path, document: str, data: bytes, pictures: Mapping[str, bytes]) -> None:
    (folder / DOCUMENT).write_text(document, "utf-8")
    (folder / DATA).write_bytes(data)
    for name, picture in pictures.items():
        (folder / name).write_bytes(picture)


async def _run(words: list[str], *, seconds: float) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.gateways.typesetting",
        *words,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        cwd=PROJECT,
        env=ENVIRONMENT,
    )
    try:
        _, said = await asyncio.wait_for(child.communicate(), seconds)
    except TimeoutError as error:
        raise TypesettingFailed("took too long") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise TypesettingFailed(said.decode(errors="replace")[-2000:])
