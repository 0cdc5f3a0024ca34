"""What people may ask of us who hold data about them: to see all of it, to be forgotten, not to be kept too long."""
