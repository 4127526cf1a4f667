"""What is doubtful about a guide though it may be published: vague materials, missing elements, ended law."""
