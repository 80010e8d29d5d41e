"""What is measured: the engine, and others on the same work or on as much of it as they can do."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility import all_pairs, listing
from assessments.compatibility.encoding import Encoded, Frame, encode
from assessments.compatibility.matrices import Matrices, lay_out
from bench import worlds

LONGEST = 100
SIDE = 256
"""Rows and columns of a tile of raw products; the fastest that we found for them too."""

Floats = NDArray[np.float32]


@cache
def frame() -> Frame:
    """The frame of all worlds here."""
    return Frame.of(worlds.edition())


@cache
def world(organisations: int) -> Encoded:
    """A world of so many organisations, taken up and ready for lists."""
    encoded = encode(frame(), worlds.rows(frame(), organisations))
    assert encoded.ledger is not None
    return encoded


def everything(organisations: int) -> Callable[[], object]:
    """The engine: best 100 and verdict counts of everybody."""
    encoded = world(organisations)
    return lambda: all_pairs.best_of_all(encoded, LONGEST)


def one_list(organisations: int) -> Callable[[], object]:
    """The engine: one list of best 100 and verdict counts, of another organisation each time."""
    encoded = world(organisations)
    places = iter(np.random.default_rng(1).integers(0, organisations, 10_000).tolist())
    return lambda: listing.match_list(encoded, next(places), LONGEST)


def factors(organisations: int) -> list[tuple[Floats, Floats]]:
    """The three products of the model, in both directions, as the model's page has them.

    Points by level, importance of what is judged, importance of what takes part; the products for
    open deal-breakers are left out.
    """
    wide: Matrices = lay_out(frame(), worlds.rows(frame(), organisations))
    forward = [
        (np.where(wide.refused > 0, np.float32(-(2**22)), wide.points), wide.chosen),
        (wide.judges, wide.known),
        (wide.asks, 1 - wide.inapplicable),
    ]
    return forward + [(right, left) for left, right in forward]


def products(organisations: int) -> Callable[[], object]:
    """Raw products: both directions of half the pairs, thrown away."""
    pairs = factors(organisations)
    into = np.empty(SIDE * SIDE, dtype=np.float32)

    def run() -> None:
        for top in range(0, organisations, SIDE):
            for left in range(top, organisations, SIDE):
                for asks, gives in pairs:
                    rows, columns = asks[top : top + SIDE], gives[left : left + SIDE]
                    shape = len(rows), len(columns)
                    np.matmul(rows, columns.T, out=into[: shape[0] * shape[1]].reshape(shape))

    return run


def vector_products(organisations: int) -> Callable[[], object]:
    """Raw products of one organisation with all others, in both directions."""
    pairs = factors(organisations)
    places = iter(np.random.default_rng(1).integers(0, organisations, 10_000).tolist())

    def run() -> list[Floats]:
        place = next(places)
        return [gives @ asks[place] for asks, gives in pairs]

    return run


def nearest_by_faiss(organisations: int) -> Callable[[], object] | None:
    """faiss, exact: the best 100 by points in one direction; no verdicts, no quotients."""
    if importlib.util.find_spec("faiss") is None:
        return None
    import faiss

    faiss.omp_set_num_threads(1)
    (asks, gives), *_ = factors(organisations)
    index = faiss.IndexFlatIP(gives.shape[1])
    index.add(np.ascontiguousarray(gives))
    return lambda: index.search(np.ascontiguousarray(asks), LONGEST)


def nearest_by_scikit_learn(organisations: int) -> Callable[[], object] | None:
    """scikit-learn, brute force: the 100 nearest in space; another question of the same size."""
    if importlib.util.find_spec("sklearn") is None:
        return None
    from sklearn.neighbors import NearestNeighbors

    (asks, gives), *_ = factors(organisations)
    search = NearestNeighbors(n_neighbors=LONGEST, algorithm="brute", n_jobs=1).fit(gives)
    return lambda: search.kneighbors(asks)
