"""What is done with businesses, and who may: the only writer of the room."""
