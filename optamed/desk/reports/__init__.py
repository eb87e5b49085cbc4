"""What the house shows across its apps: Today, the search palette, the figures of a year."""
