"""Reading the agenda: `events` (what is organised), `meetings` (wishes and sessions), `schedules` (runs and versions)."""
