"""The district: exchange, catalogue, people, devices, public pages."""
