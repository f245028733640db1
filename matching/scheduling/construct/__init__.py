"""Building a schedule: slots by Kempe chains and ejection chains, then rooms and tables."""
