"""People: citizens who asked for a person, and the hours, holidays and canned answers of the desk."""
