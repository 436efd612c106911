"""A small process in place of the assistant or the gateway: answers GET /health/ready until it is ended.

    stand_in.py PORT [--pids FILE] [--child] [--not-ready] [--ignore-term]

`--pids` adds the process id, and that of the child it starts with `--child`, to FILE: a test sees every start there.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    ready = True

    def do_GET(self) -> None:
        self.send_response(200 if self.ready else 503)
        self.end_headers()
        self.wfile.write(b"ok" if self.ready else b"loading the model")

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--pids", type=Path)
    for flag in ("--child", "--not-ready", "--ignore-term"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    if options.ignore_term:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Health.ready = not options.not_ready
    server = HTTPServer(("127.0.0.1", options.port), Health)
    pids = [str(os.getpid())]
    if options.child:
        pids.append(str(subprocess.Popen(["sleep", "600"]).pid))
    if options.pids:
        with options.pids.open("a") as file:
            file.write("".join(f"{pid}\n" for pid in pids))
    print("listening", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
