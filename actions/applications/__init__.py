"""A citizen's application: where it stands, and what to do about a lost number."""
