"""What people type in sign-in, first run and settings: parsed and checked, without consequences."""
