"""Understanding, free of Rasa: features of a message, a linear classifier over them, questions inside a message."""
