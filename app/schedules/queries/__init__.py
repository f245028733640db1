"""Reading schedules: `versions` (and runs), `agendas` (one participant’s day), `grids` (everyone’s day)."""
