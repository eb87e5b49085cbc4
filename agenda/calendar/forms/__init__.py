"""What people type into the calendar and its settings."""
