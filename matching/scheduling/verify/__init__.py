"""Whether a schedule stands, from the descriptions alone."""
