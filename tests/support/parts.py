"""Scripts that run all their parts, or those named on the command line."""

import argparse
from collections.abc import Callable, Mapping


def chosen(description: str, parts: Mapping[str, Callable[..., None]]) -> list[Callable[..., None]]:
    """The parts to run. Ends the program with a sentence when there is none of a name, or when help is asked for."""
    parser = argparse.ArgumentParser(description=description)
    add_names(parser, "part", parts)
    return [parts[name] for name in parser.parse_args().parts or parts]


def add_names(parser: argparse.ArgumentParser, kind: str, known: Mapping[str, object]) -> None:
    """Let the command line name any of what is known. No `choices`, which before Python 3.12 refuse to be left out."""

    def name(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(f"There is no {kind} {text!r}; there are {', '.join(known)}.")
        return text

    parser.add_argument(f"{kind}s", nargs="*", type=name, metavar=kind.upper(), help=" | ".join(known))
