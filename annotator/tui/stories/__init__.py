"""Stories: their list, and the board of one."""
