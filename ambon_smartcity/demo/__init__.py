"""The demo data: invented figures, marked wherever they show, loaded and removed by a command."""
