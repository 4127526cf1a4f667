"""
Positions for a model that has none: levels from left to right, rows, lines of level and upright parts. Pure.

`scene` turns a file into parts and links, `levels` says how far right each part lies and in which order from
the top, `rows` how high, `tracks` how lines turn between the levels. Lines run only where no part is.
"""
