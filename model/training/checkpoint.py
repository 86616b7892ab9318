"""A training run on disk: the checkpoint from which it goes on after being stopped at any moment, and its log."""

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from model import atomic


class Run:
    """The folder of one run: checkpoint.npz, log.csv, and whatever its recipe leaves there at the end.

    Only the checkpoint is read again. It is complete at every moment: that of the start or of a finished epoch.
    The log's rows are in it; log.csv is written from them, so the two cannot disagree.
    """

    def __init__(
        self, folder: Path, settings: dict[str, Any], variables: list[keras.Variable], columns: tuple[str, ...]
    ) -> None:
        """Make the folder, or go on from what is in it: then `variables`, `epoch` and `rows` are as they were.

        settings: all that decides the result (JSON). Raises ValueError when the folder holds another run or a
        damaged one, OSError when it cannot be written.
        """
        self.folder = folder
        self.columns = columns
        self.epoch = 0  # finished so far
        self.rows: list[tuple[float, ...]] = []  # one value a column
        self.settings = settings
        self._variables = variables
        self._checkpoint = folder / "checkpoint.npz"
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # a folder that cannot be written fails now, not after an epoch
        if self._checkpoint.exists():
            self._restore()
            self._write_log()
        else:
            self._keep()  # so that another run that begins before this one's first epoch ends finds the folder taken

    def finish_epoch(self, rows: list[tuple[float, ...]]) -> None:
        """Keep everything as it is now, and add these rows to the log. Raises OSError when it cannot be written."""
        self.epoch += 1
        self.rows += rows
        self._keep()

    def _keep(self) -> None:
        arrays = {f"variable_{k}": v.numpy() for k, v in enumerate(self._variables)}
        file = io.BytesIO()
        np.savez(file, settings=self._described(), epoch=self.epoch, rows=np.array(self.rows), **arrays)
        atomic.write({self._checkpoint: file.getvalue()})
        self._write_log()

    def column(self, name: str) -> np.ndarray:
        """One column of the log, a value for each row."""
        return np.array([row[self.columns.index(name)] for row in self.rows])

    def _described(self) -> str:
        return json.dumps(self.settings, sort_keys=True)

    def _restore(self) -> None:
        advice = f"Remove {self.folder} or choose another with --out."
        try:
            with np.load(self._checkpoint, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            settings, epoch, rows = str(arrays["settings"]), int(arrays["epoch"]), arrays["rows"].tolist()
            values = [arrays[f"variable_{k}"] for k in range(len(arrays) - 3)]
        except Exception as error:  # a damaged zip or header raises a dozen kinds, down to tokenize.TokenError
            raise ValueError(f"{self._checkpoint} is damaged. {advice}") from error
        if settings != self._described():
            raise ValueError(f"{self.folder} holds a run with other settings or data. {advice}")
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)
        self.epoch, self.rows = epoch, [tuple(row) for row in rows]

    def _write_log(self) -> None:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.columns)
        writer.writerows([f"{value:.10g}" for value in row] for row in self.rows)
        atomic.write({self.folder / "log.csv": text.getvalue().encode()})
