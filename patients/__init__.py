"""The patient's file: who a patient is, how to reach them, who insures them.

Leans on practice. Promises that names, addresses and numbers fit the QR-bill and form 5.0 when they are typed, not when
an invoice fails, and that a patient with visits is archived, never lost.
"""
