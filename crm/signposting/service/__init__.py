"""What is done with enquiries and action plans, and who may."""
