"""Crawl: asks the web for bytes, and knows nothing of what they mean beyond links.

``crawler`` is the loop; ``frontier`` what to ask and what became of it; ``politeness`` and ``schedule`` when; ``verdict`` what an
answer is; ``moderngov`` and ``cmis`` what it leads to; ``site`` which of them an address is of; ``http`` alone opens sockets.
"""
