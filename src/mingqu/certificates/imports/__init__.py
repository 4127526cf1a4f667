"""Existing certificates (存量证照) from tables: read, checked, looked at by a person, brought in, undone."""
