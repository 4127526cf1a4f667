"""Staff pages of re-engineering."""
