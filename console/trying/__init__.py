"""Any question, on any channel, asked of the live model and of a proposed one side by side."""
