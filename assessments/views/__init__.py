"""Pages. Each fetches, makes one call of a verb, and answers."""
