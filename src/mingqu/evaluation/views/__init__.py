"""Pages of ratings: giving one, reading them, following up the bad ones."""
