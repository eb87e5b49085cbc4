"""The papers as PDF: letter with QR-bill, insurer's form, QR sheet, counter-document, yearly statement."""
