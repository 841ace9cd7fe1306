"""What the law and the network ask of investors."""
