"""A second, plain implementation of the compatibility model, for the tests.

It works with exact fractions on interchange data as it is parsed: an edition is what
`tomllib.loads(text, parse_float=Decimal)` gives, a file of organisations what
`json.loads(text, parse_float=Decimal)` gives. Both are taken to be valid. The licence classes are
a dictionary from class to patterns, in the order in which the patterns are tried.
"""

from .answers import effective, sheet
from .change import fewest_by_brute_force, what_would_change
from .interchange import compatibility_csv, matches_csv, sides
from .pairs import (
    COMPATIBLE,
    NOT_COMPATIBLE,
    NOT_YET_KNOWN,
    Part,
    Side,
    asked,
    deal_breakers,
    evaded,
    match_list,
    pair_score,
    parts,
    satisfaction,
    side,
    verdict,
)
from .profile import Headline, Points, Profile, Score, profile
from .requirements import Policy, asks_more_than_it_gives, policy

__all__ = [
    "COMPATIBLE",
    "NOT_COMPATIBLE",
    "NOT_YET_KNOWN",
    "Headline",
    "Part",
    "Points",
    "Policy",
    "Profile",
    "Score",
    "Side",
    "asked",
    "asks_more_than_it_gives",
    "compatibility_csv",
    "deal_breakers",
    "effective",
    "evaded",
    "fewest_by_brute_force",
    "match_list",
    "matches_csv",
    "pair_score",
    "parts",
    "policy",
    "profile",
    "satisfaction",
    "sheet",
    "side",
    "sides",
    "verdict",
    "what_would_change",
]
