"""What citizens asked and Dalil could not answer: grouped by likeness, the most frequent first, each put right once."""
