"""What citizens send: whose number it is, whether it came before, which words the channel itself understands."""
