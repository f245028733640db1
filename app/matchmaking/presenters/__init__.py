"""Matching in words: what the pages of proposals say of a run."""
