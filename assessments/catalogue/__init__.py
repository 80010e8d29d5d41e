"""PURE: the content as data, and the formats in which it is exchanged."""
