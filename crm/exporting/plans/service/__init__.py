"""The verbs of the calendar (`markets`), of visits (`visiting`), and of export plans (`planning`)."""
