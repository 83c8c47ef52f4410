"""A council's site that does not exist; see README.md."""
