"""The pure rules of assessing."""
