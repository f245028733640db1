"""Reading the catalogue: `rows` for the table of facets, `lists` for its pages."""
