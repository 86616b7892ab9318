from pathlib import Path

import pytest

from model.datasets.mnist import Mnist
from model.training.tutorial import Tutorial
from tests.support.training import save_mnist, small_mnist, unipen


@pytest.fixture(scope="session")
def data() -> Mnist:
    return small_mnist()


@pytest.fixture(scope="session")
def file(data, tmp_path_factory) -> Path:
    """The data as a file."""
    path = tmp_path_factory.mktemp("data") / "m.npz"
    save_mnist(path, data)
    return path


@pytest.fixture(scope="session")
def pen_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "p.tra"
    path.write_text(unipen())
    return path


@pytest.fixture(scope="session")
def short() -> Tutorial:
    """An epoch and a half of the 1,000 images to learn from."""
    return Tutorial(steps=15, batch=100, show=5)
