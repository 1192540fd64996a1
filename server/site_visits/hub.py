"""Carries boards to those who watch them: each change is read once in a process, however many listen (site-visits §4).

Listeners get states, not events: who is slow or was away gets the newest state and misses nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from models import VisitBoard
from server.kernel.refusal import NoSuchThing, Refusal
from server.site_visits.controlling import hash_of
from server.site_visits.showing import Frame, frame_of

Hear = Callable[[Callable[[str], None], Callable[[], None]], Awaitable[None]]  # on_word, on_open

READ_EVERY_SECONDS = 0.2
TRY_AGAIN_SECONDS = 1.0
BEAT_SECONDS = 15.0  # less than a proxy and Sanic wait, and the way to find listeners that are gone
BEAT = b": \n\n"
CLOSED = b"event: closed\ndata: {}\n\n"
MOST_LISTENERS = 2000  # in one process

log = structlog.get_logger(__name__)


class BoardIsFull(Refusal):
    """Too many screens watch boards through this process."""

    status = 503
    message_zh = "打开大屏的人太多。"
    hint_zh = "请过一会儿再打开。"
    retry = "later"


class Watched:
    """One board that somebody watches through this process."""

    def __init__(self, visit_id: UUID) -> None:
        self.visit_id = visit_id
        self.listeners = 0
        self.frame: Frame | None = None
        self._first = asyncio.Lock()
        self._changed = asyncio.Event()
        self._is_stale = False
        self._reading: asyncio.Task[None] | None = None

    async def first(self) -> Frame:
        """Return the current frame, read now if nobody has yet."""
        async with self._first:
            found = self.frame or await frame_of(self.visit_id)
        self._take(found)
        return found

    def read_again(self) -> None:
        """Read the state soon; whatever is announced meanwhile is covered by the same read or one more."""
        self._is_stale = True
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())

    def wake(self) -> None:
        """Let every listener look."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, seconds: float) -> bool:
        """Wait for a change, at most so long; return whether there was one."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _read(self) -> None:
        while self._is_stale and self.listeners:
            self._is_stale = False
            try:
                self._take(await frame_of(self.visit_id))
            except Exception as error:
                log.warning("board_not_read", kind=type(error).__name__)
                self._is_stale = True
                await asyncio.sleep(TRY_AGAIN_SECONDS)
            await asyncio.sleep(READ_EVERY_SECONDS)
        self._reading = None

    def _take(self, frame: Frame) -> None:
        if self.frame is None or frame.version > self.frame.version:
            self.frame = frame
            self.wake()


class BoardHub:
    """The boards that are watched through this process; `ears` call back with each visit that changed."""

    def __init__(self, *ears: Hear) -> None:
        self._ears = ears
        self._hearing: list[asyncio.Future[None]] = []
        self._watched: dict[UUID, Watched] = {}
        self._links: dict[str, UUID] = {}  # of watched boards
        self._is_closing = False

    @property
    def listeners(self) -> int:
        """How many watch through this process now."""
        return sum(one.listeners for one in self._watched.values())

    @asynccontextmanager
    async def watching(self, link: str, *, seen: int | None) -> AsyncIterator[AsyncIterator[bytes]]:
        """Watch the board behind a link, from the version that was last seen; raises NoSuchThing, BoardIsFull."""
        if self.listeners >= MOST_LISTENERS:
            raise BoardIsFull
        self._start_hearing()
        mark = hash_of(link)
        board = await self._board_behind(mark)
        board.listeners += 1
        try:
            if (await board.first()).link_hash != mark:
                raise NoSuchThing
            yield self._events(board, mark, seen)
        finally:
            board.listeners -= 1
            if not board.listeners:
                self._forget(board)

    async def close(self) -> None:
        """End every stream, and stop hearing."""
        self._is_closing = True
        for board in self._watched.values():
            board.wake()
        for one in self._hearing:
            one.cancel()
        if self._hearing:
            await asyncio.wait(self._hearing)

    async def _events(self, board: Watched, mark: str, seen: int | None) -> AsyncIterator[bytes]:
        while not self._is_closing and (frame := board.frame):
            if frame.link_hash != mark:
                yield CLOSED
                return
            if frame.version != seen:
                seen = frame.version
                yield frame.event
            elif not await board.changed(BEAT_SECONDS):
                yield BEAT

    async def _board_behind(self, mark: str) -> Watched:
        visit_id = self._links.get(mark)
        if visit_id is None:
            found = await VisitBoard.get_or_none(link_hash=mark)
            if found is None:
                raise NoSuchThing
            visit_id = found.visit_id
            self._links[mark] = visit_id
        return self._watched.setdefault(visit_id, Watched(visit_id))

    def _forget(self, board: Watched) -> None:
        if self._watched.get(board.visit_id) is board:
            del self._watched[board.visit_id]
            self._links = {mark: one for mark, one in self._links.items() if one != board.visit_id}

    def _start_hearing(self) -> None:
        if not self._hearing:
            self._hearing = [asyncio.ensure_future(ear(self._hear, self._reopen)) for ear in self._ears]

    def _hear(self, word: str) -> None:
        if board := self._watched.get(UUID(word)):
            board.read_again()

    def _reopen(self) -> None:
        for board in self._watched.values():
            board.read_again()
