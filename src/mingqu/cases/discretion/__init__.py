"""裁量: what was set in decisions, beside the rows of 裁量基准 that applied."""
