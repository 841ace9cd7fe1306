"""The pure rules of rounds."""
