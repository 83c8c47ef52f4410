"""How true the annotations are, held against labels that were written by reading (``gold/annotation/README.md``).

    labels (fictional, and real files by offsets) ──► annotate ──┐
                                    └──► baseline (keywords) ────┼──► measure ──► screen
                                                                 ┘
``python -m accuracy.annotation`` runs it.
"""
