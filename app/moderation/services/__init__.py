"""Rules of moderation: decisions on claims, imports of reference files."""
