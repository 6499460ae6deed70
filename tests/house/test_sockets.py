"""Sockets are shut where tests must not use them."""

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_a_socket_cannot_be_opened_here() -> None:
    # The refusal warns before it raises, and warnings are errors.
    with pytest.raises((SocketBlockedError, UserWarning)):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
