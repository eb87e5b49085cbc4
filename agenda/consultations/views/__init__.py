"""Pages of consultations: the list, the record, its parts, and the fragments that a patient's file shows."""
