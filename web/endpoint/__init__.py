"""What programs ask for: JSON, its description, feeds, tables, site maps."""
