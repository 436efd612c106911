"""`python -m tools.pictures`: the pictures of the staff's handbook out of what the console's tests have made."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

KEPT = Path("docs/handbook")
_DAY, _PAGES = Path("artefacts/console"), Path("artefacts/console-pages")
_COLOURS = 128


def main() -> int:
    """Make each picture that the handbook has anew, at two thirds and in few colours; 1 when one was not made."""
    made = {path: _made(path) for path in sorted(KEPT.glob("*.png"))}
    missing = [path for path, source in made.items() if source is None]
    for path in missing:
        print(f"{path.name} was not made", file=sys.stderr)  # noqa: T201 - a command
    for path, source in made.items():
        if source is not None:
            image = Image.open(source).convert("RGB")
            small = image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.LANCZOS)
            small.quantize(_COLOURS).save(path, optimize=True)
    return 1 if missing else 0


def _made(path: Path) -> Path | None:
    """What a test has made of this name: in a day of work, or of a page alone, wide and in Arabic."""
    sources = (_DAY / path.name, _PAGES / f"{path.stem}-1440-ar.png")
    return next((source for source in sources if source.is_file()), None)


if __name__ == "__main__":
    sys.exit(main())
