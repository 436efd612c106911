"""What staff keep right: the FAQ and the training data, as drafts over the files of `nlu_data/`."""
