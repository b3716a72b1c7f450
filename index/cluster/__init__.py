"""The index on an OpenSearch cluster: an index of its own for each generation, behind one alias."""
