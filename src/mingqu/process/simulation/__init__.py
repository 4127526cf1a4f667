"""
What would become of cases if the process, the staff or the hours were other: event by event, by the very step function
of production. Pure: no database, no clock, no dice but the seed.
"""
