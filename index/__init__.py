"""Page files to an index on disk: what a page says, which articles it holds, how they are stored."""
