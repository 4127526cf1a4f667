"""What pages, the platform and the program on a window's computer say to each other (docs/devices.md)."""
