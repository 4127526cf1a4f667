"""The editors of a draft: parts of the definition as forms, kept versions, remarks by place."""
