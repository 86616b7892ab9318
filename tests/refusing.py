"""`demo.py` with another threshold: `python tests/refusing.py LEAST_SCORE`, below which nothing is a digit."""

import runpy
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import model  # noqa: E402
from model import weights  # noqa: E402

if __name__ == "__main__":
    arrays, card = weights.load()
    model.load_reader = partial(model.Reader, arrays, {**card, "least_score": float(sys.argv[1])})
    runpy.run_path(str(ROOT / "demo.py"), run_name="__main__")
