"""What the houses that pages are looked at in are made of, room by room."""
