"""The pages of single acts on a case, by stage: receiving, reviewing, deciding, ending."""
