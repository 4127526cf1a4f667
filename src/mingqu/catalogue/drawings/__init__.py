"""Flows that an expert drew, for who shows them."""
