# On Windows, or without make: `py tasks.py demo`, `py tasks.py test` and so on do the same.
PYTHON ?= python3

.PHONY: help demo test lint types accuracy agreement mutants kills campaign load speed site-load bench sample keepsake lock env
help:
	@$(PYTHON) tasks.py

demo test lint types accuracy agreement mutants kills campaign load speed site-load bench sample keepsake lock env:
	@$(PYTHON) tasks.py $@ $(OPTIONS)
