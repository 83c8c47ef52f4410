"""Plain minutes: of parishes and partnerships, as text, Markdown, PDF and Word, whose items are told by numbers and headings."""
