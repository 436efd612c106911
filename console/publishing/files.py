"""Files of publishing: the training data with a proposal over it, what is published, candidates that nobody needs."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from console.publishing.proposals import File


def laid_out(root: Path, files: list[File], folder: Path) -> str:
    """The data folder with the proposal's files over it, anew; gives the digest of the data folder as it is."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".*"))
    for file in files:
        target = folder / file.path
        if file.after:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.after, "utf-8")
        else:
            target.unlink(missing_ok=True)
    return digest_of(root)


def digest_of(root: Path) -> str:
    """Of every file of training data and its path."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yml")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def write(root: Path, files: list[File]) -> None:
    """Each file whole or not at all; a crash leaves some written, and the next start writes the others."""
    for file in files:
        target = root / file.path
        if not file.after:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        part.write_text(file.after, "utf-8")
        os.replace(part, target)


def tidy(models: Path, work: Path, kept: set[str]) -> None:
    """Delete candidates of the console that nobody can publish or go back to, and what they were trained from."""
    for archive in models.glob("dalil-p*.tar.gz"):
        name = archive.name.removesuffix(".tar.gz")
        if name not in kept:
            archive.unlink(missing_ok=True)
            (models / f"{name}.json").unlink(missing_ok=True)
    for folder in work.glob("dalil-p*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
