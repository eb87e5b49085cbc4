"""The verbs of billing."""
