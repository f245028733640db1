"""What schedules show: `agendas` of participants, `versions` (lines of pages), `words` of the solver."""
