"""What an archive holds and what is wrong with it, computed from its manifest and its articles."""
