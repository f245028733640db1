"""What holds while processes are killed: outside CI at full size, a sample of it inside."""
