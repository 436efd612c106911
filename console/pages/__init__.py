"""How every page looks and speaks: templates, words in two languages, static files."""
