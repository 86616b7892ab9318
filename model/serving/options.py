"""What whoever runs the server may choose: the page's public address, and who may show it in a frame."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})
FRAME_ANCESTORS = "'self' https://huggingface.co https://*.hf.space"

# A source as a content security policy has it: a scheme, or a host with or without scheme and port.
_SOURCE = re.compile(r"'self'|https?:|(https?://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d{1,5}|\*))?", re.IGNORECASE)


def policy(inline: Mapping[str, Sequence[str]] = NOTHING) -> str:
    """The content security policy, but for who may frame the page, which a page cannot say of itself.

    inline: hashes, `'sha256-…'`, of each "script" and "style" in the page.
    """
    return "; ".join(
        (
            "default-src 'self'",
            *(" ".join((f"{kind}-src 'self'", *inline.get(kind, ()))) for kind in ("script", "style")),
            "img-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@dataclass(frozen=True)
class Options:
    """The settings. Raises ValueError, with a sentence for people, for invalid ones."""

    address: str | None = None
    """Where people find the page, `https://…/`; None where nobody knows. Link previews need it."""
    frame_ancestors: str = FRAME_ANCESTORS
    """Who may show the page in a frame, as a content security policy says it."""
    tool_prefix: str = ""
    """Before the names of the tools for agents; on Hugging Face Spaces the Space's name."""

    def __post_init__(self) -> None:
        """Check both, and give the address the slash at its end."""
        if self.address is not None:
            object.__setattr__(self, "address", _address(self.address))
        sources = self.frame_ancestors.split()
        if sources not in (["*"], ["'none'"]) and not (sources and all(map(_SOURCE.fullmatch, sources))):
            raise ValueError(
                "Who may frame the page is 'none', *, or a list of 'self', https: and hosts such as "
                f"https://*.example.org, with blanks between; not {self.frame_ancestors!r}."
            )

    def headers(self, inline: Mapping[str, Sequence[str]] = NOTHING) -> dict[str, str]:
        """The headers of every answer. inline: as `policy` has it."""
        frames = f"frame-ancestors {' '.join(self.frame_ancestors.split())}"
        return {
            "content-security-policy": f"{policy(inline)}; {frames}",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
        }


def from_command_line(words: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> Options:
    """The settings of the command line, else of the environment. An invalid one ends the program with a sentence."""
    parser = argparse.ArgumentParser(description="Serve the page, at port 7860 or GRADIO_SERVER_PORT.")
    space = environment.get("SPACE_HOST")  # set on Hugging Face Spaces
    parser.add_argument(
        "--address",
        metavar="URL",
        default=environment.get("GATESCOPE_ADDRESS") or (f"https://{space}/" if space else None),
        help="where people find the page, for link previews (or GATESCOPE_ADDRESS; on Spaces it is known)",
    )
    parser.add_argument(
        "--frame-ancestors",
        metavar="SOURCES",
        default=environment.get("GATESCOPE_FRAME_ANCESTORS") or FRAME_ANCESTORS,
        help="who may show the page in a frame, as a content security policy says it (or GATESCOPE_FRAME_ANCESTORS; "
        "default: %(default)s)",
    )
    chosen = parser.parse_args(words)
    try:
        return Options(chosen.address, chosen.frame_ancestors, _tool_prefix(environment.get("SPACE_ID")))
    except ValueError as error:
        parser.error(str(error))


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f"The address is that of the page, such as https://example.org/gatescope/; not {text!r}.")
    if re.search(r"""[\s"'<>\\]""", text):
        raise ValueError(f"The address holds a character that no address has: {text!r}.")
    return text.rstrip("/") + "/"


def _tool_prefix(space: str | None) -> str:
    """As Gradio names the tools of a Space: by letters, digits and _ alone."""
    return re.sub("[^a-zA-Z0-9]", "_", space.rpartition("/")[2]) + "_" if space else ""
