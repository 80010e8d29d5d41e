"""The benchmark of the matching engine: its worlds, its peers and its report."""
