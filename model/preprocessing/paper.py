"""How bright a picture's paper is, where that is known, and whether a camera took the picture."""

import numpy as np

from model.preprocessing.fields import Array, border

LEAST_PHOTO = 100  # pixels, of the longer side: of a smaller picture each pixel counts
SAME = 12  # of 255: so far brightness may be from the middle one along a border of paper
LEAST_SAME = 70  # per cent of the border that must be
LEAST_FLAT = 50  # per cent of the border that are the very same only where no camera took it
LEAST_EXACT = 40  # per cent of a picture that are the very same only where no camera took it
LEAST_TINY = 25  # the same of a picture so small that it is no photo
MOST_OTHER = 25  # per cent of it that another brightness has
NEAR = 24  # of 255: brightness so near the paper's is, in a photo, the paper's too
MOST_NEAR = 6  # per cent of a picture that no camera took


def exact_paper(gray: Array) -> int | None:
    """The brightness that so much of the picture has, to the last bit, that no camera took it: that of its paper."""
    counts = np.bincount(gray.ravel(), minlength=256)
    paper = int(counts.argmax())
    if max(gray.shape) < LEAST_PHOTO:
        return paper if 100 * int(counts[paper]) >= LEAST_TINY * gray.size else None
    others = np.delete(counts, paper)  # as common as that would be paper too, in a shadow
    exact = 100 * int(counts[paper]) >= LEAST_EXACT * gray.size and 100 * int(others.max()) < MOST_OTHER * gray.size
    near = int(others[max(0, paper - NEAR) : paper + NEAR].sum())
    return paper if exact and 100 * near < MOST_NEAR * gray.size else None


def paper_at_border(gray: Array, off: int = SAME, least: int = LEAST_SAME) -> int | None:
    """The middle brightness along the picture's border, where of that so many per cent are at most so far off."""
    along = np.sort(border(gray).astype(np.int64))
    middle = int(along[len(along) // 2])
    return middle if 100 * int((abs(along - middle) <= off).sum()) >= least * len(along) else None


def was_taken(gray: Array) -> bool:
    """Whether a camera took the picture, under some light."""
    return exact_paper(gray) is None and paper_at_border(gray, 0, LEAST_FLAT) is None
