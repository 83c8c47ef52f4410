"""Export: results and records in the forms that leave the archive. Everything comes through the door."""
