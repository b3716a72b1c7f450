"""Whoosh's plug points for writing and reading: postings as flat arrays, and the writer that fills them."""
