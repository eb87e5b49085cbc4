"""The verbs of the practice."""
