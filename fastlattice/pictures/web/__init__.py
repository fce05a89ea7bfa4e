"""What pages are made of: HTML, scripts, a style sheet; `fastlattice.pictures.page` puts them into one file."""
