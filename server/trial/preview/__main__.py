"""`python -m server.trial.preview`: serves the built mini-program until told to stop."""

import argparse
from pathlib import Path

from server.trial.preview.serving import Preview, server_of
from server.trial.telling import phones


def main() -> None:
    """Serve the preview."""
    parser = argparse.ArgumentParser(prog="server.trial.preview")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--office", required=True, help="address of the server")
    parser.add_argument("--world", type=Path, required=True, help="who the demo world said may sign in")
    parser.add_argument("--built", type=Path, required=True, help="what server.trial.preview.building made")
    options = parser.parse_args()
    preview = Preview(built=options.built, office=options.office, phones=phones(options.world))
    server_of(preview, port=options.port).serve_forever()


if __name__ == "__main__":
    main()
