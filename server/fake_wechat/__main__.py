"""`python -m server.fake_wechat --port N`: runs the fake WeChat on this machine, for this machine."""

import argparse
import socket

from server.fake_wechat.app import App, create_app
from server.fake_wechat.settings import Settings


def main() -> None:
    """Serve until interrupted; one line says when it is ready."""
    parser = argparse.ArgumentParser(prog="python -m server.fake_wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--callback-url", help="where verdicts on pictures are pushed to")
    parser.add_argument("--callback-after", type=float, default=2.0, help="seconds a verdict takes")
    parser.add_argument("--long-term", default="", help="templates that need no credits: id,id,…")
    asked = parser.parse_args()

    settings = Settings(
        callback_url=asked.callback_url,
        callback_after=asked.callback_after,
        long_term=frozenset(asked.long_term.split(",")),
    )
    app = create_app(settings)
    line = socket.create_server(("127.0.0.1", asked.port))

    async def say_ready(_: App) -> None:
        print(f"假微信已就绪：http://127.0.0.1:{line.getsockname()[1]}", flush=True)

    app.after_server_start(say_ready)
    app.run(sock=line, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
