"""Django's backend for PostgreSQL, and two things it has not: see `base`."""
