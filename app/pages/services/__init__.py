"""How the portal does."""
