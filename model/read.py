"""Read the digit in a picture file: `python -m model.read picture.png` says it, and draws the maps beside."""

import argparse
import sys
from pathlib import Path

from model.export.canvas import percent
from model.export.png import maps_png
from model.preprocessing.pictures import image_of_file
from model.reader import Reading, load_reader


def sentence(reading: Reading) -> str:
    """What the network says, for people."""
    if reading.digit is None:
        what = "More than one digit" if reading.why == "several" else "Not a digit, as far as it can tell"
        return f"{what}; closest: {reading.closest}."
    return f"{reading.digit}, {percent(reading.probabilities[reading.digit])} sure."


def main() -> None:
    """Read one picture."""
    parser = argparse.ArgumentParser(prog="python -m model.read", description=__doc__)
    parser.add_argument("picture", type=Path, help="a PNG, JPEG, WebP, GIF or BMP file of one digit")
    parser.add_argument("--out", type=Path, metavar="PATH", help="the PNG of the maps (PICTURE-maps.png)")
    args = parser.parse_args()
    maps = args.out or args.picture.with_name(f"{args.picture.stem}-maps.png")
    try:
        reading = load_reader().read(image_of_file(args.picture.read_bytes()))
        print(sentence(reading))
        maps.write_bytes(maps_png(reading, dark=False))
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    print(f"Its maps are in {maps}.")


if __name__ == "__main__":
    main()
