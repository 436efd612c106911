"""What citizens receive: the text and its parts, through which provider, and what became of each part."""
