import numpy as np

from model.datasets import packed


def test_strokes_come_back_as_they_were_packed(tmp_path) -> None:
    points = np.arange(14).reshape(7, 2)
    ends = {"stroke_end": np.array([2, 5, 7]), "drawing_end": np.array([1, 3])}
    np.savez(tmp_path / "d.npz", points=points, **ends, writer=np.array([4, 9]))
    drawings, rest = packed.read(tmp_path / "d.npz", "drawing_end")
    assert [[stroke.tolist() for stroke in strokes] for strokes in drawings] == [
        [points[:2].tolist()],
        [points[2:5].tolist(), points[5:].tolist()],
    ]
    assert {name: array.tolist() for name, array in rest.items()} == {"writer": [4, 9]}
