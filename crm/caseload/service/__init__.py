"""What is done about who leads which business."""
