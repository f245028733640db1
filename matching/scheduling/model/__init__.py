"""The problem and the schedule: their parts, their JSON, their numbers and the objective."""
