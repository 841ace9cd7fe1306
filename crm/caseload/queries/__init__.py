"""What is read of who leads which business."""
