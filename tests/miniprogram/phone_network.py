"""A connection that tests can cut: completely, or in the middle of a photo."""

import re
import threading
from dataclasses import dataclass, field

from server.trial.preview.serving import Handler


@dataclass
class PhoneNetwork:
    """The state of the connection, and the requests over it."""

    url: str = ""
    is_dead: bool = False
    cut_photos: int = 0  # this many photos will break off after half their bytes
    deaf_to: int = 0  # this many answers to reports will get lost on their way back
    # Part of a path, status, body: once each.
    strange: list[tuple[str, int, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    photos_pass: threading.Event = field(default_factory=threading.Event)  # while it is not set, photos stop

    def __post_init__(self) -> None:
        self.photos_pass.set()


class NetworkHandler(Handler):
    """Forwards what the connection lets through."""

    line: PhoneNetwork

    def pass_on(self) -> None:
        line = self.line
        line.asked.append(f"{self.command} {self.path}")
        if line.is_dead:
            self.break_off()
        elif "/photos/" in self.path and not line.photos_pass.is_set():
            line.photos_pass.wait()
            self.break_off()
        elif line.cut_photos and "/photos/" in self.path:
            line.cut_photos -= 1
            self.rfile.read(int(self.headers["content-length"]) // 2)
            self.break_off()
        elif found := next((one for one in line.strange if one[0] in self.path), None):
            line.strange.remove(found)
            self.answer_strangely(*found[1:])
        elif (
            line.deaf_to and self.command == "PUT" and re.search("/(observations/|sealed/report)", self.path)
        ):
            line.deaf_to -= 1
            wire, self.wfile = self.wfile, _Nowhere()
            super().pass_on()
            self.wfile = wire
            self.break_off()
        else:
            super().pass_on()

    def answer_strangely(self, status: int, body: str) -> None:
        """Answer as something between the phone and the office would."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        kind = "application/problem+json" if body.startswith("{") else "text/html"
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def break_off(self) -> None:
        """Hang up within an answer: browsers repeat a request by themselves if they receive nothing at all."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        self.close_connection = True


class _Nowhere:
    """Accepts everything and discards it."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass
