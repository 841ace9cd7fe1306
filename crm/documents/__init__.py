"""Documents: files that people hand in, known by what is in them and not by what they are called."""
