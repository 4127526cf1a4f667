"""Questions of the public pages, each answered by the rooms whose matter it is."""
