"""Query text to results: what was asked, what matches, in which order, shown how."""
