"""How true the parsers read, held against labels that were written from the sources alone.

    labels (gold over real files) ──┐
    cases  (golden, fictional)    ──┼──► measure ──► table ──► screen, docs/accuracy.md
    baseline (what anyone writes) ──┘

``python -m accuracy`` runs it; ``mutants`` measures something else: what damage does.
"""
