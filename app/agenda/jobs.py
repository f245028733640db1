"""Background jobs of the agenda."""
