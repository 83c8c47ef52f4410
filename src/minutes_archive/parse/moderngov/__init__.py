"""ModernGov: its pages, its XML service, its printed minutes and the text renderings of its pages."""
