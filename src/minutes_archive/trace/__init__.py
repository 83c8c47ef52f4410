"""Trace: one theme over years and bodies, with words that may be quoted, and references that stand up later.

    theme ──► SearchEngine ──hits──► telling: the words used, the best quote of each item ──► Trace ──► export

``theme`` says what is looked for, ``words`` where a text says it, ``quote`` which sentence says it best, ``tracing`` puts
the discussions in order and ``timeline`` counts them. ``reference`` is how words are named so that they can be found again
in the captured bytes, ``citation`` what a report says of them; ``register`` lists what is restricted. Pure throughout: what
the archive holds is handed in, and has passed the door.
"""
