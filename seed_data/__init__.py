"""Facts and demonstration data that fill a new portal; see README.md beside this file."""
