"""Memory above the imports while all lists of so many organisations are computed.

Run in a process of its own: python -m bench.memory 40000
"""

from __future__ import annotations

import json
import resource
import sys

from threadpoolctl import threadpool_limits

from assessments.compatibility import all_pairs, listing
from assessments.compatibility.encoding import encode
from bench import contenders, worlds


def megabytes() -> float:
    """The most memory that the process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main(kind: str, organisations: int) -> None:
    """Say what it took, as JSON."""
    threadpool_limits(limits=1, user_api="blas")
    frame = contenders.frame()
    before = megabytes()
    encoded = encode(frame, worlds.rows(frame, organisations))
    made = megabytes()
    if kind == "all":
        all_pairs.best_of_all(encoded, contenders.LONGEST)
    else:
        listing.match_list(encoded, 0, contenders.LONGEST)
    print(json.dumps({"imports": before, "made": made, "peak": megabytes()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
