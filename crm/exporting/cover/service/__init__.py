"""What is done about checks of export contracts, and what is told of them."""
