"""Text messages: the interface of a channel, and which one an installation uses."""
