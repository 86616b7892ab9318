"""The networks that come with the project: one table, from which every list of them is made."""

from dataclasses import dataclass
from pathlib import Path

_PRETRAINED = Path(__file__).parent / "pretrained"


@dataclass(frozen=True)
class Network:
    """One trained network."""

    name: str
    """What programs call it."""
    title: str
    """What people call it."""
    weights: Path
    """Its arrays, an .npz file; the card that says what they are has the same name with .json."""
    units: Path
    """What is known of its units, an .npz file that `model.evaluation.unit_survey` makes."""


SHIPPED = Network(
    name="lstm-128",
    title="LSTM, 128 units",
    weights=_PRETRAINED / "shipped.npz",
    units=_PRETRAINED / "shipped-units.npz",
)
"""The network that reads unless another is asked for."""

NETWORKS = {network.name: network for network in (SHIPPED,)}
"""All of them by name."""
