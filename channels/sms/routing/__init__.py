"""Which provider carries a message: by weight, by how well each has done lately, by what its contract allows."""
