"""Pages of rubrics: load what this user may touch, bind the form, act, respond."""
