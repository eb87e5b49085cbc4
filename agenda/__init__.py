"""What happens with a patient in time: three apps side by side, calendar, consultations and (later) online booking."""
