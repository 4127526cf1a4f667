"""Finding services by people's own words: the index, the words that lead to official ones, what was not found."""
