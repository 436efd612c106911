"""One of Jasmin's daemons with its lock in a folder of the test's, not in /tmp: daemon.py FOLDER PROGRAM ARGUMENT…"""

from __future__ import annotations

import os
import runpy
import sys

import lockfile

folder, program, *arguments = sys.argv[1:]
_Lock = lockfile.FileLock
lockfile.FileLock = lambda path: _Lock(os.path.join(folder, os.path.basename(path)))
sys.argv = [program, *arguments]
runpy.run_path(program, run_name="__main__")
