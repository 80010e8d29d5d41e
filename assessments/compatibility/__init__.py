"""PURE: two organisations or many, from their sheets to verdicts with reasons."""
