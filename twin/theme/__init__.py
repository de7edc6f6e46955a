"""The theme: prints the twin's content with the markup of WordPress and JNews 11.6.10."""
