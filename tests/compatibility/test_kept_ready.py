"""What a process keeps in memory stays right while organisations come, change and go."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import strategies as st

from assessments.compatibility import listing
from assessments.compatibility.encoding import Encoded, Rows, encode
from assessments.compatibility.ledger import Ledger
from assessments.compatibility.matrices import Matrices
from assessments.compatibility.splicing import pieces
from tests.compatibility.strategies import World, always, worlds


def assert_as_new(held: Encoded, world: World) -> None:
    """Everything that is held is as if it had been taken up just now."""
    new = encode(world.frame, world.rows)
    for name in ("levels", "importances", "required", "thresholds"):
        assert np.array_equal(getattr(held.rows, name), getattr(new.rows, name)), name
    for one in fields(Ledger):
        ours, theirs = getattr(held.ledger, one.name), getattr(new.ledger, one.name)
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape), one.name
        assert np.array_equal(ours, theirs), one.name
    for name in Matrices.__slots__:
        assert np.array_equal(getattr(held.matrices, name), getattr(new.matrices, name)), name
    if len(new):
        ours, theirs = listing.match_list(held, 0), listing.match_list(new, 0)
        assert np.array_equal(ours.order, theirs.order)
        assert np.array_equal(ours.counts, theirs.counts)


PLACES = st.lists(st.integers(0, 4), unique=True, max_size=3)


@always(world=worlds(organisations=8), places=PLACES, is_used=st.booleans())
def test_others_take_some_places(world: World, places: list[int], is_used: bool) -> None:
    held = encode(world.frame, world.of(range(5)).rows)
    if is_used:
        held.ledger, held.matrices  # noqa: B018 (made before the change)
    coming = range(5, 5 + len(places))
    changed = held.replaced(places, encode(world.frame, world.of(coming).rows))
    now = dict(zip(places, coming, strict=True))
    assert_as_new(changed, world.of([now.get(place, place) for place in range(5)]))
    assert_as_new(held, world.of(range(5)))


@always(
    world=worlds(organisations=8),
    order=st.lists(st.integers(0, 7), unique=True),
    is_used=st.booleans(),
)
def test_some_go_and_some_come_between(world: World, order: list[int], is_used: bool) -> None:
    """The first five were there, the others arrive; who is not in the order goes."""
    held = encode(world.frame, world.of(range(5)).rows)
    if is_used:
        held.ledger, held.matrices  # noqa: B018
    arriving = encode(world.frame, world.of(range(5, 8)).rows)
    assert_as_new(
        held.spliced(arriving, pieces(np.array(order, dtype=np.intp), 5)), world.of(order)
    )
    assert_as_new(held, world.of(range(5)))


@always(world=worlds(organisations=2))
def test_what_is_taken_up_is_in_memory_of_its_own(world: World) -> None:
    rows = Rows(*(getattr(world.rows, name).copy() for name in Rows.__slots__))
    held = encode(world.frame, rows)
    rows.levels[:] = rows.levels[::-1].copy()
    assert_as_new(held, world)
