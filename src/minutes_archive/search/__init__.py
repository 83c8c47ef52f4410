"""Search: what the user typed, the words of minutes, the engine behind one seam, and the embedded default.

``engine`` is the seam: a request in, a page of results out. ``query`` reads what was typed, ``plan``
turns it into what has to match, with ``spelling`` and ``expand``; ``whoosh`` holds the index.
"""
