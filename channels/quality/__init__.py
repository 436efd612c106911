"""How well Dalil serves: what citizens and reviewers say of answers, and counts of days that are over."""
