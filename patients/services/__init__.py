"""The verbs of the patient's file."""
