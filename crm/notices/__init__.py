"""Letters: queued with the act that causes them, sent after it, each exactly as often as it should be."""
