"""A real browser in the shop, on its dashboard and at what plays the outside world."""
