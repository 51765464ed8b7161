"""Many documents: where they come from and where they go."""
