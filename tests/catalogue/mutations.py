"""Files that went wrong somehow, made from right ones: what a reader may only ever refuse."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

LEAVES = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["same", "yes", "no", "vote", "from-3", "none", "\x00", 10**40, -(10**400)])
)
KEYS = st.sampled_from(["slug", "from", "credit", "level", "yes", "value", "es", "", "a.b", "\x07"])


def junk(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of any type, some of them such as the formats have."""
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=4,
    )


def ways_into(value: object, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    ways = [way]
    if isinstance(value, dict):
        for key, inner in value.items():
            ways += ways_into(inner, (*way, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            ways += ways_into(inner, (*way, index))
    return ways


@st.composite
def of_document(draw: st.DrawFn, document: Any, leaves: st.SearchStrategy[Any]) -> Any:
    """The document with some values replaced, taken out or added."""
    mutated = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        *steps, last = draw(st.sampled_from([way for way in ways_into(mutated) if way]))
        parent = mutated
        for step in steps:
            parent = parent[step]
        match draw(st.sampled_from(["replace", "take out", "add"])):
            case "replace":
                parent[last] = draw(junk(leaves))
            case "take out" if len(mutated) > 1 or len(parent) > 1:
                del parent[last]
            case _ if isinstance(parent, dict):
                parent[draw(KEYS)] = draw(junk(leaves))
            case _:
                parent.append(draw(junk(leaves)))
    return mutated


@st.composite
def of_text(draw: st.DrawFn, text: str) -> str:
    """The text with some stretches replaced by a few signs."""
    signs = st.text(st.sampled_from("{}[]\"'=,.:-+e0919\n\\u#\x00\ud800ntrue "), max_size=6)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(signs) + text[start + draw(st.integers(0, 12)) :]
    return text
