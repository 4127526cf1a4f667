"""Registers asked who somebody is: the interface, the adapters, and which one an installation uses."""
