"""Forms of matching: a need's `weights`, `suites` of functions; `words` and `figures` of its pages."""
