"""Atomic writes: a kill, a full disk or a power cut leaves what was there before."""

import contextlib
import os
from pathlib import Path


def beside(path: Path) -> Path:
    """The temporary path beside `path`, from which a complete file is renamed."""
    return path.with_name(path.name + ".part")


def write(files: dict[Path, bytes]) -> None:
    """Write all files to temporary paths, and rename them, in this order, once all are on the disk.

    Raises OSError, with nothing changed, when a file cannot be written.
    """
    try:
        for path, data in files.items():
            with beside(path).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # else after a power cut the name may be there without the content
    except BaseException:
        for path in files:
            with contextlib.suppress(OSError):  # the first error is the one to report
                beside(path).unlink()
        raise
    for path in files:
        beside(path).replace(path)
