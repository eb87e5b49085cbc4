"""What was done: the consultation with its lines and its note.

Leans on the calendar and on patients. Promises one consultation per appointment however often it is asked for, the
practice's address frozen when it is made, and that no word of a note is lost between two windows.
"""
