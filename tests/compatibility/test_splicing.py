"""Pieces of two arrays, one behind the other, are what picking place by place gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.compatibility.splicing import pieces, spliced


@given(
    count=st.integers(0, 12),
    arrived=st.integers(0, 6),
    data=st.data(),
    axis=st.sampled_from([0, -1]),
)
def test_is_what_picking_gives(count: int, arrived: int, data: st.DataObject, axis: int) -> None:
    places = st.integers(0, max(count + arrived - 1, 0))
    chosen = data.draw(st.lists(places, max_size=20)) if count + arrived else []
    order = np.array(chosen, dtype=np.intp)
    shape = (2, -1) if axis else (-1, 2)
    there = np.arange(2 * count).reshape(shape)
    new = 1000 + np.arange(2 * arrived).reshape(shape)
    found = spliced(there, new, pieces(order, count), axis=axis)
    assert np.array_equal(found, np.concatenate([there, new], axis=axis).take(order, axis=axis))


@pytest.mark.parametrize(
    ("order", "runs"),
    [
        ([0, 1, 2, 3], 2),  # The last two have arrived.
        ([0, 1], 1),
        ([0, 3, 1], 3),
        ([], 0),
    ],
)
def test_neighbours_are_one_run(order: list[int], runs: int) -> None:
    assert len(pieces(np.array(order, dtype=np.intp), 2)) == runs
