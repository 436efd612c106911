"""The files of the tree, as git sees them: tracked, and new ones that are not ignored."""

from __future__ import annotations

import subprocess
from pathlib import Path


def tree_files() -> list[Path]:
    """Paths relative to the working folder, sorted; deleted files are left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return sorted(path for path in map(Path, set(listing.split("\0")) - {""}) if path.is_file())
