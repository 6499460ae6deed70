"""What the station keeps: folders, the officers' file, the encrypted database and its questions."""
