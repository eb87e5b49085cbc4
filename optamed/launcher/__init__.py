"""Starts the program: one instance per data folder, a sound and up-to-date database, a free port, then the server.

Runs before Django and leans on nothing but optamed.core's pure modules until the data is known to be sound. Promises
that a database is never replaced by an empty one, and that a failed update leaves the data as it was.
"""
