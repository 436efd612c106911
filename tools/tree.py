"""`python -m tools.tree`: nothing in the tree points at one machine, or at one place packages are fetched from."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tools.files import tree_files

# The brackets keep the patterns from finding themselves.
REGISTRIES = r"py[p]i\.org|pythonho[s]ted\.org|registry\.npm[j]s\.|deb\.debi[a]n\.org|index[-_]ur[l]\s*=|find-lin[k]s"
PATHS = r"(?<![\w.])/(?:wor[k]/(?:main|shared)|roo[t]/|hom[e]/[a-z]|User[s]/[a-z]|tm[p]/w/)"
LOCKS = re.compile(r"requirements\.(?:in|lock|overrides)$|package-lock\.json$")
ADDRESS = re.compile(r"\w+://|file:")


def machine_hosts(environment: Mapping[str, str]) -> set[str]:
    """Hosts that this machine's package clients are told to use."""
    values = (value for name, value in environment.items() if "INDEX" in name and "://" in value)
    return {host for value in values for address in value.split() if (host := urlsplit(address).hostname)}


def faults(path: Path, text: str, forbidden: re.Pattern[str]) -> Iterator[str]:
    """One line for each place where a registry, a machine's path, or an address in a lock file is found."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := forbidden.search(line):
            yield f"{path}:{number}: {found.group()!r} belongs to one machine, not to the project"
        elif LOCKS.search(path.name) and not line.lstrip().startswith("#") and ADDRESS.search(line):
            yield f"{path}:{number}: a lock file names packages and hashes, no address"


def check(paths: list[Path], environment: Mapping[str, str]) -> list[str]:
    """All faults of the given files; binary files are passed over."""
    hosts = "".join(f"|{re.escape(host)}" for host in sorted(machine_hosts(environment)))
    forbidden = re.compile(f"{REGISTRIES}|{PATHS}{hosts}", re.IGNORECASE)
    found: list[str] = []
    for path in paths:
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found += faults(path, content.decode("utf-8", "replace"), forbidden)
    return found


def main() -> int:
    """Print each fault with its file and line; 1 when there is one."""
    found = check(tree_files(), os.environ)
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
