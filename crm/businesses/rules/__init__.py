"""The rules of businesses: names, sectors, the words shown, and what is known of one as facts."""
