"""Pure rules of the clock: no Django, no database, no reading of the real time."""
