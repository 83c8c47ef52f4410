"""``python -m minutes_archive``: the command line where the script ``minutes`` is not on the path."""

from minutes_archive.cli import main

if __name__ == "__main__":
    main()
