"""The campaign: every class of fault that an archive has to survive, as trials that anyone can run again."""
