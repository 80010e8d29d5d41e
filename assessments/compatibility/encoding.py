"""Very many organisations, kept ready to be compared: what a process holds in memory.

`Encoded` keeps the rows as small whole numbers and, from the first list on, the `Ledger` beside
them; the wide matrices that all pairs need are made from the rows, a tile at a time. So 100,000
organisations with 45 criteria take about 90 MB.
"""

from __future__ import annotations

from collections.abc import Sequence

from assessments.compatibility.frame import (
    BOUND,
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    SMALLEST,
    UNKNOWN,
    Bools,
    DoesNotFit,
    Frame,
    Ints,
    Rows,
    acceptance,
    room,
)
from assessments.compatibility.ledger import Ledger
from assessments.compatibility.matrices import Matrices, lay_out
from assessments.compatibility.splicing import Piece
from assessments.compatibility.tables import States

__all__ = [
    "BOUND",
    "NOT_APPLICABLE",
    "NO_DEAL_BREAKER",
    "SMALLEST",
    "UNKNOWN",
    "Bools",
    "DoesNotFit",
    "Encoded",
    "Frame",
    "Ints",
    "Rows",
    "acceptance",
    "encode",
    "room",
]


class Encoded:
    """N organisations under one frame, each at a place from 0 to N − 1, in any order.

    Nobody changes what is held: `replaced` and `spliced` give a new one, so that threads may share
    one.
    """

    def __init__(self, frame: Frame, rows: Rows, states: States | None = None) -> None:
        self.frame = frame
        self.rows = rows
        self.states = States(frame) if states is None else states
        self._ledger: Ledger | None = None
        self._matrices: Matrices | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ledger(self) -> Ledger:
        """The same organisations laid out for one list; made when it is first asked for."""
        if self._ledger is None:
            self._ledger = Ledger.of(self.frame, self.rows)
        return self._ledger

    @property
    def matrices(self) -> Matrices:
        """The matrices of the model, as wide as they are: for small numbers of organisations."""
        if self._matrices is None:
            self._matrices = lay_out(self.frame, self.rows)
        return self._matrices

    def take(self, places: slice | Sequence[int]) -> Encoded:
        """The organisations at some places."""
        taken = Encoded(self.frame, self.rows.take(places), self.states)
        if self._matrices is not None and isinstance(places, slice):
            taken._matrices = self._matrices.take(places)
        return taken

    def spliced(self, arrived: Encoded, found: Sequence[Piece]) -> Encoded:
        """Pieces of these and of some that have arrived, with all that is kept of these."""
        both = Encoded(self.frame, self.rows.spliced(arrived.rows, found), self.states)
        if self._ledger is not None:
            both._ledger = self._ledger.spliced(arrived.ledger, found)
        return both

    def replaced(self, places: Sequence[int], others: Encoded) -> Encoded:
        """The same with others in some places, with all that is kept of these."""
        changed = Encoded(self.frame, self.rows.replaced(places, others.rows), self.states)
        if self._ledger is not None:
            changed._ledger = self._ledger.replaced(places, others.ledger)
        return changed


def encode(frame: Frame, rows: Rows) -> Encoded:
    """Take rows up, in memory of their own."""
    return Encoded(frame, Rows(*(getattr(rows, name).copy() for name in Rows.__slots__)))
