"""Page understanding: the text of a newspaper page, as OCR gave it, to clean articles."""
