"""The same search on an OpenSearch cluster: it finds, counts and sorts; what is shown first is ranked here."""
