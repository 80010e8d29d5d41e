"""Who they are: people and organisations."""
