"""The benchmark: the reference practice of ten years in bulk rows, and the pages and verbs measured on it."""
