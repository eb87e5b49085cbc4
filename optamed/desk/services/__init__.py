"""Verbs that span the apps: each calls the services of one after the other and writes nothing itself."""
