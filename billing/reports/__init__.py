"""The figures of billing, and the words for them."""
