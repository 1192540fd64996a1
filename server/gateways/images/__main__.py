"""The renderer's child process: reads orders from standard input, renders them, and may be killed at any time.

It gets no secrets (its environment is empty), cannot write files, and has bounded memory. If its parent dies, it
ends with the closed pipe, or by its own alarm while it works on a picture.
"""

import os
import resource
import signal
import struct
import sys
import warnings
from typing import BinaryIO

import msgspec

from server.gateways.images.comparing import Compared, compare
from server.gateways.images.examining import NotAPicture, Picture
from server.gateways.images.render import Comparison, Look, Order, Refused, Rendered, look, render

LENGTH = struct.Struct(">I")
Wanted = Order | Look | Comparison
# Shares of CPU time. A picture that passed the look in time is also rendered in time: rendering takes longer,
# but less than twice as long. A comparison is requested by strangers and takes a twentieth.
SHARES: dict[type, float] = {Order: 1, Look: 1 / 2, Comparison: 1 / 4}


def main(megabytes: int, seconds: float, cpu_seconds: float) -> None:
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a decoder that prints must not write into the answers
    warnings.simplefilter("ignore")  # hostile files make the library warn endlessly
    limit(resource.RLIMIT_DATA, megabytes * 1024 * 1024)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    decoder = msgspec.msgpack.Decoder(Wanted)
    while order := received(orders):
        wanted = decoder.decode(order)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds * SHARES[type(wanted)])
        answer = msgspec.msgpack.encode(carried_out(wanted))
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()
        del order, wanted, answer  # ten megabytes that the next picture may need


def carried_out(order: Wanted) -> Rendered | Picture | Compared | Refused:
    try:
        if isinstance(order, Look):
            return look(order.data)
        if isinstance(order, Comparison):
            return compare(order.data, order.ours)
        return render(order.data, mark=order.mark, sizes=order.sizes, boxes=order.boxes)
    except NotAPicture as refusal:
        return Refused(refusal.reason)


def received(orders: BinaryIO) -> bytes:
    head = orders.read(LENGTH.size)
    return orders.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
