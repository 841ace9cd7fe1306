"""Whether the service runs as it should: for administrators in words, for machines as metrics."""
