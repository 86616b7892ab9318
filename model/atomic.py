"""Files that are whole at every moment: a kill, a full disk or a power cut leaves what was there before."""

import contextlib
import os
from pathlib import Path


def beside(path: Path) -> Path:
    """Where a file is written before it takes the place of the one at `path`."""
    return path.with_name(path.name + ".part")


def write(files: dict[Path, bytes]) -> None:
    """Write all files beside their places, and only when all are on the disk rename them, in this order.

    Raises OSError, with nothing changed, when a file cannot be written.
    """
    try:
        for path, data in files.items():
            with beside(path).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or after a power cut the name may be there without what was written
    except BaseException:
        for path in files:
            with contextlib.suppress(OSError):  # what went wrong first is what is told
                beside(path).unlink()
        raise
    for path in files:
        beside(path).replace(path)
