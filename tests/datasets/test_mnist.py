import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.datasets import mnist
from model.datasets.digits import Digits


def small(n: int = 6) -> dict[str, np.ndarray]:
    """Arrays with the names, shapes and types of MNIST's."""
    rng = np.random.default_rng(3)
    return {
        "x_train": rng.integers(0, 256, (n, 28, 28), np.uint8),
        "y_train": rng.integers(0, 10, n, np.uint8),
        "x_test": rng.integers(0, 256, (4, 28, 28), np.uint8),
        "y_test": rng.integers(0, 10, 4, np.uint8),
    }


def test_reads_what_is_there(tmp_path) -> None:
    arrays = small()
    np.savez(tmp_path / "m.npz", **arrays)
    data = mnist.load(tmp_path / "m.npz")
    for name, found in zip(("x_train", "y_train", "x_test", "y_test"), (*data.train, *data.test), strict=True):
        np.testing.assert_array_equal(found, arrays[name])


def test_the_first_5000_validate_and_the_rest_are_learned_from(tmp_path) -> None:
    images = np.zeros((5003, 28, 28), np.uint8)
    labels = (np.arange(5003) % 10).astype(np.uint8)
    digits = Digits(images, labels)
    learn, validation = mnist.Mnist(digits, digits).split()
    np.testing.assert_array_equal(validation.labels, labels[:5000])
    np.testing.assert_array_equal(learn.labels, labels[5000:])
    assert len(learn.images) == 3


def test_too_few_to_split_is_said() -> None:
    digits = Digits(np.zeros((5000, 28, 28), np.uint8), np.zeros(5000, np.uint8))
    with pytest.raises(ValueError, match="5000 training images"):
        mnist.Mnist(digits, digits).split()


def test_keras_fetches_it_without_a_path(monkeypatch) -> None:
    a = small()
    monkeypatch.setattr(
        "keras.datasets.mnist.load_data", lambda: ((a["x_train"], a["y_train"]), (a["x_test"], a["y_test"]))
    )
    np.testing.assert_array_equal(mnist.load().test.images, a["x_test"])


def test_without_a_network_it_says_what_to_give(monkeypatch) -> None:
    def offline() -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr("keras.datasets.mnist.load_data", offline)
    with pytest.raises(FileNotFoundError, match=r"URL fetch failure.*--mnist PATH"):
        mnist.load()


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path / "no.npz"))):
        mnist.load(tmp_path / "no.npz")


def changed(**arrays: np.ndarray) -> dict[str, np.ndarray]:
    return {**small(), **arrays}


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({k: v for k, v in small().items() if k != "y_test"}, "no array y_test"),
        ({"a": np.zeros(3)}, "no array x_train nor y_train"),
        (changed(x_train=np.zeros((6, 28, 28), np.float32)), "x_train should be"),
        (changed(x_test=np.zeros((4, 27, 28), np.uint8)), "x_test should be"),
        (changed(x_test=np.zeros((4, 784), np.uint8)), "x_test should be"),
        (changed(x_train=np.zeros((0, 28, 28), np.uint8), y_train=np.zeros(0, np.uint8)), "x_train should be"),
        (changed(y_train=np.zeros(5, np.uint8)), "y_train should be 6"),
        (changed(y_train=np.zeros((6, 10), np.uint8)), "y_train should be 6"),
        (changed(y_train=np.zeros(6, np.float32)), "y_train should be 6"),
        (changed(y_test=np.array([0, 1, 10, 2], np.uint8)), "from 0 to 10"),
        (changed(y_test=np.array([0, -1, 3, 2], np.int64)), "from -1 to 3"),
    ],
)
def test_wrong_arrays_are_told_apart(tmp_path, arrays, sentence) -> None:
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises(ValueError, match=sentence):
        mnist.load(tmp_path / "m.npz")


def test_pickled_objects_are_not_opened(tmp_path) -> None:
    np.savez(tmp_path / "m.npz", **changed(y_test=np.array([{}, 1, 2, 3], object)))
    with pytest.raises(ValueError, match="cannot be read"):
        mnist.load(tmp_path / "m.npz")


def test_a_bare_array_is_no_mnist(tmp_path) -> None:
    np.save(tmp_path / "m.npy", np.zeros(3))
    with pytest.raises(ValueError, match="cannot be read"):
        mnist.load(tmp_path / "m.npy")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(tmp_path_factory, content) -> None:
    path = tmp_path_factory.mktemp("bytes") / "m.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read"):
        mnist.load(path)


@pytest.mark.parametrize("compressed", [False, True])
@settings(deadline=None)
@given(data=st.data())
def test_a_cut_or_flipped_file_is_refused_or_read_the_same(tmp_path_factory, compressed, data) -> None:
    path = tmp_path_factory.mktemp("damage") / "m.npz"
    (np.savez_compressed if compressed else np.savez)(path, **small())
    whole = bytearray(path.read_bytes())
    before = mnist.load(path).fingerprint()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole = whole[:at]
    else:
        whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    try:
        after = mnist.load(path).fingerprint()
    except ValueError:
        return
    assert after == before


def test_the_fingerprint_tells_data_apart() -> None:
    a, b = small(), small()
    b["y_test"][0] ^= 1
    prints = [
        mnist.Mnist(Digits(d["x_train"], d["y_train"]), Digits(d["x_test"], d["y_test"])).fingerprint()
        for d in (a, small(), b)
    ]
    assert prints[0] == prints[1] != prints[2]
