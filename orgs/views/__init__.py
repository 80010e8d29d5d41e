"""Pages of people and their organisations."""
