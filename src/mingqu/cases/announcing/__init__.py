"""公告送达: a paper that could not be served in any other way is announced, and counts as served after thirty days."""
