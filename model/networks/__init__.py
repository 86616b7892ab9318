"""The network, its weights on disk, and what is known of its units."""
