"""What was done, by whom and why: a log that only grows, each entry sealed onto the one before."""
