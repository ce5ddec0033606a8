from __future__ import annotations

import numpy as np

from sa_studio.evaluation.neighbours import hits, rankings

# two classes along two axes
REFERENCES = np.array([[1, 0.1], [1, 0.2], [1, 0], [0.1, 1], [0.2, 1], [0, 1]])
LABELS = [0, 0, 0, 1, 1, 1]


def test_the_majority_of_the_nearest_decides() -> None:
    ranked = rankings(np.array([[2, 0.3], [0.1, 5]]), REFERENCES, LABELS)
    assert ranked == [[0, 1], [1, 0]]


def test_between_as_many_votes_the_nearest_decides() -> None:
    assert rankings(np.array([[1, 0.1]]), REFERENCES, [0, 1, 1, 2, 2, 2], k=2) == [[0, 1]]


def test_a_clip_does_not_vouch_for_itself() -> None:
    labels = [7, 0, 0, 1, 1, 1]
    query = REFERENCES[:1]
    assert rankings(query, REFERENCES, labels, k=1) == [[7]]
    assert rankings(query, REFERENCES, labels, own=[0], k=1) == [[0]]
    assert rankings(query, REFERENCES[:1], [7], own=[0]) == [[]]


def test_hits_among_the_first() -> None:
    assert hits([[3, 1], [1, 3]], [1, 1]) == [False, True]
    assert hits([[3, 1], [1, 3]], [1, 1], among=2) == [True, True]
