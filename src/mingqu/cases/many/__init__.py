"""批量申报: a template of a service, a spreadsheet with a zip of files, checked by row, handed in with one press."""
