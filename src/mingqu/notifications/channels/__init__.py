"""Ways out of the house: the interface of a channel, the ones there are, and which of them an installation uses."""
