"""PURE: one organisation, from its answers to its profile."""
