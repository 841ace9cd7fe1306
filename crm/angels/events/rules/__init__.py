"""The rules of pitch nights: the running order, who may be there, and the words."""
