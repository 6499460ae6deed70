"""The pages. A view reads the request, calls one service, and renders; it knows no store and no crypto."""
