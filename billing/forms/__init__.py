"""What people type about invoices and payments."""
