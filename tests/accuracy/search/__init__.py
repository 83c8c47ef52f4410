"""How well the search finds, measured on judged queries beside two plain peers."""
