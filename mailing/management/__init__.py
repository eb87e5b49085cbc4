"""Commands of mailing."""
