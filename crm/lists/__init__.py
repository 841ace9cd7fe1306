"""The lists of businesses that people work by: columns to decide by, filters that combine, and views of one's own."""
