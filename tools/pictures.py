"""`python -m tools.pictures`: the pictures of the staff's handbook out of what the test of their day has made."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

MADE, KEPT = Path("artefacts/console"), Path("docs/handbook")
_COLOURS = 128


def main() -> int:
    """Make each picture that the handbook has anew, at two thirds and in few colours; 1 when one was not made."""
    missing = [path.name for path in sorted(KEPT.glob("*.png")) if not (MADE / path.name).is_file()]
    for name in missing:
        print(f"{MADE / name} was not made", file=sys.stderr)  # noqa: T201 - a command
    for path in sorted(KEPT.glob("*.png")):
        if path.name not in missing:
            image = Image.open(MADE / path.name).convert("RGB")
            small = image.resize((image.width * 2 // 3, image.height * 2 // 3), Image.Resampling.LANCZOS)
            small.quantize(_COLOURS).save(path, optimize=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
