"""特别程序 that lasts: by when it was to be over, who is told that it is not, and who sees it."""
