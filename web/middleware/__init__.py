"""What happens around every request, whichever page or endpoint answers it."""
