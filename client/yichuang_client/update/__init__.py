"""升级: the desk's program takes a newer version of itself from the district."""
