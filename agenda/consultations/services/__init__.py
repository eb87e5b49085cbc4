"""The verbs of consultations."""
