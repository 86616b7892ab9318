"""Write the page as a folder that any file server serves: `python -m model.site OUT`. There the browser reads."""

import argparse
from pathlib import Path

import model
from model.networks import units
from model.serving import options, reply, site
from model.serving.page import read_assets

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write it. What cannot be ends the program with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.site", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder: new, empty, or an earlier site")
    parser.add_argument("--address", metavar="URL", help="where people will find it, for link previews")
    chosen = parser.parse_args()
    try:
        address = options.Options(chosen.address).address
        site.earlier(chosen.out)  # before anything is loaded
        facts = reply.facts(model.load_reader(), units.load())
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        site.build(chosen.out, read_assets(ROOT / "assets"), facts, readme, address)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"Written to {chosen.out}. To look at it: python -m http.server --directory {chosen.out}")


if __name__ == "__main__":
    main()
