"""Reading events: `events` (what is organised), `delegations` (who comes), `days` (where the day stands)."""
