"""The window (综合窗口): receive a person, fill in for her, file, bring what was asked for."""
