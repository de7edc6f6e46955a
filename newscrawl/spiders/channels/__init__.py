"""Discovery channels: each requests one kind of source and reads its answers."""
