"""Importing files: read, save row by row, report line by line."""
