"""OptaMed runs a Swiss therapist's whole practice on the therapist's own computer."""

__version__ = "0.1.0"
