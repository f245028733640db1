"""Reading meetings: `wishes`, `rules` (pinned and forbidden pairs), `sessions`, `scores` (of matching)."""
