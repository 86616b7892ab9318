"""Scripts that run all their parts, or those named on the command line."""

import argparse
from collections.abc import Callable, Mapping


def chosen(description: str, parts: Mapping[str, Callable[..., None]]) -> list[Callable[..., None]]:
    """The parts to run. Ends the program with a sentence when there is none of a name, or when help is asked for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" | ".join(parts))
    named = parser.parse_args().parts
    unknown = [name for name in named if name not in parts]
    if unknown:
        parser.error(f"There is no part {unknown[0]!r}; there are {', '.join(parts)}.")
    return [parts[name] for name in named or parts]
