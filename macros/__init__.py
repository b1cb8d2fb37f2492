"""Front doors: command line (and, later, ribbon). They call one job each and hold no rule."""
