"""What is set out of enquiries and plans: rows of an extract, the plan as a PDF, an enquiry as it is told."""
