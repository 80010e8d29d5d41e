"""Memory above the imports while all lists of so many organisations are computed.

Run in a process of its own: python -m bench.memory 40000
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits

from assessments.compatibility import all_pairs, listing
from assessments.compatibility.encoding import encode
from bench import contenders, worlds


def megabytes() -> float:
    """The most memory that the process has had so far."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says begins with the memory of the process that started this one.
        peaks = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line]
        return int(peaks[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


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
