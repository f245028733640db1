"""Services of matchmaking: `indexing` (vectors), `proposals` (runs), `selection` (shortlist),
`verdicts` and their export."""
