"""Reading the agenda: `events` (what is organised), `meetings` (wishes and sessions), `schedules` (runs and
versions), `agendas` (one participant's day), `grids` (everyone's day, and what differs between two)."""
