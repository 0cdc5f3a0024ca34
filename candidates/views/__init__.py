"""Pages: load what this user may touch, bind the form, act, respond."""
