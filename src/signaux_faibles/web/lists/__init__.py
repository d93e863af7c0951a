"""The detection lists: the index, one list with its filters and its pages."""
