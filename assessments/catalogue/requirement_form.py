"""The form of one requirement: what an organisation may ask on a criterion, and how it is written.

The JSON file and the web forms both put a requirement through `check_asked`.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessments.catalogue.key_tables import Key, sift
from assessments.catalogue.mistakes import Fault, Wrong, choose_from, listed, problems_at, shown
from assessments.catalogue.plain_values import Whole
from assessments.scoring import terms
from assessments.scoring.problems import Problem
from assessments.scoring.terms import Role

THRESHOLD = Whole(0, 100)
"""How much satisfaction an organisation asks, in percent."""

IMPORTANCE = Whole(0, terms.GREATEST_IMPORTANCE)


@dataclass(frozen=True)
class MustReach:
    """A deal-breaker: one of these words, or null for none."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        return f"one of {listed(self.words)}, or null for no deal-breaker"

    def __call__(self, raw: object) -> str | None:
        """The word itself."""
        if raw is None:
            return None
        if isinstance(raw, str) and raw in self.words:
            return raw
        word = raw if isinstance(raw, str) else ""
        what = "Write null for no deal-breaker, or what can be asked"
        raise Wrong(Fault(f"{shown(raw)} cannot be asked.", choose_from(word, self.words, what)))


def check_asked(criterion: terms.Criterion, raw: object, place: str) -> terms.Asked | list[Problem]:
    """What a group of keys asks on a criterion, or all that is wrong with it.

    Parameters
    ----------
    criterion
        The criterion on which something is asked: a level of it where its role is standard, the
        word `same` where it is similarity, nothing where it is none.
    raw
        The keys `importance` and `must_reach`; a key that is left out says nothing.
    place
        Where the requirement stands; the places of problems begin with it.
    """
    words = (terms.SAME,) if criterion.role is Role.SIMILARITY else tuple(criterion.positions)
    keys = {"importance": Key(IMPORTANCE), "must_reach": Key(MustReach(words))}
    given, faults = sift(raw, keys)
    if criterion.role is Role.NONE:
        message = "This criterion has no role in judging others, so nothing can be asked on it."
        faults = [Fault(message, "Take it out.")]
    if faults:
        return problems_at(place, faults)
    return terms.Asked(**given, says_must_reach="must_reach" in given)
