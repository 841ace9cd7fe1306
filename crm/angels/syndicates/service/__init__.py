"""What is done in syndicates: leading, agreeing on terms, joining and leaving."""
