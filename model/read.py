"""Read the digit in a picture file: `python -m model.read picture.png` says it, and draws the maps beside."""

import argparse
import io
import sys
from pathlib import Path

from model.figure import sentence
from model.preprocessing.pictures import image_of_file
from model.reader import load_reader


def main() -> None:
    """Read one picture."""
    parser = argparse.ArgumentParser(prog="python -m model.read", description=__doc__)
    parser.add_argument("picture", type=Path, help="a PNG, JPEG, WebP, GIF or BMP file of one digit")
    parser.add_argument("--out", type=Path, metavar="PATH", help="the PNG of the maps (PICTURE-maps.png)")
    parser.add_argument("--dark", action="store_true", help="draw the maps on dark")
    args = parser.parse_args()
    out = args.out or args.picture.with_name(f"{args.picture.stem}-maps.png")
    try:
        data = args.picture.read_bytes()
    except OSError as error:
        sys.exit(f"{args.picture}: {error.strerror}.")
    try:
        reading = load_reader().read(image_of_file(data))
    except ValueError as error:
        sys.exit(str(error))
    print(sentence(reading))
    file = io.BytesIO()
    reading.figure(args.dark).savefig(file, format="png")
    try:
        out.write_bytes(file.getvalue())
    except OSError as error:
        sys.exit(f"{out}: {error.strerror}.")  # an error while writing names no file
    print(f"Its maps are in {out}.")


if __name__ == "__main__":
    main()
