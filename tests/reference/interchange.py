"""The two tables that other programs rely on, as text."""

from fractions import Fraction
from typing import Any

from .criteria import Edition
from .licences import LicenceClasses
from .pairs import Side, match_list, nearest_double, pair_score, satisfaction, side, verdict

Document = dict[str, Any]


def sides(edition: Edition, document: Document, licence_classes: LicenceClasses) -> dict[str, Side]:
    """What matching reads of every organisation of a file, by slug."""
    return {
        organisation["slug"]: side(edition, organisation, licence_classes)
        for organisation in document["organisations"]
    }


def printed(number: Fraction) -> str:
    """The double nearest to a quotient, with six digits after the point."""
    return f"{nearest_double(number):.6f}"


def compatibility_csv(edition: Edition, document: Document, licence_classes: LicenceClasses) -> str:
    """The table of every unordered pair, sorted by code point."""
    lines = ["first,second,verdict,low,high,first_low,first_high,second_low,second_high"]
    known_sides = sides(edition, document, licence_classes)
    for first in sorted(known_sides):
        for second in sorted(known_sides):
            if first < second:
                a, b = known_sides[first], known_sides[second]
                numbers = [
                    *pair_score(edition, a, b),
                    *satisfaction(edition, a, b),
                    *satisfaction(edition, b, a),
                ]
                shown = [printed(number) for number in numbers]
                lines.append(",".join([first, second, verdict(edition, a, b), *shown]))
    return "\n".join(lines) + "\n"


def matches_csv(
    edition: Edition, document: Document, slug: str, licence_classes: LicenceClasses
) -> str:
    """The match list of one organisation, in its order."""
    lines = ["rank,organisation,verdict,low,high"]
    known_sides = sides(edition, document, licence_classes)
    matches = match_list(edition, known_sides[slug], list(known_sides.values()))
    for rank, (other, result, low, high) in enumerate(matches, start=1):
        lines.append(f"{rank},{other},{result},{printed(low)},{printed(high)}")
    return "\n".join(lines) + "\n"
