"""A cookie that our own key sealed, with another content: it does not open, and does not say why."""

import pytest

from crypto import aead, encoding, labels, session
from crypto.errors import OpenError
from tests.support.sealing import INSTANCE

TICKET = session.generate_ticket_key()
KEYS = {TICKET.key_id: TICKET}


@pytest.mark.parametrize("plain", [b"", b"no JSON", b'{"a": 1}', b"[]", b'{"a":' + b"9" * 1_400 + b"}"])
def test_a_rightly_sealed_cookie_of_another_form_does_not_open(plain: bytes) -> None:
    sealed = aead.seal(TICKET.key, plain, labels.SESSION + INSTANCE + TICKET.key_id)
    with pytest.raises(OpenError) as refused:
        session.open_cookie(KEYS, INSTANCE, encoding.to_base64url(TICKET.key_id + sealed))
    assert type(refused.value) is OpenError
    assert not refused.value.args
    assert refused.value.__suppress_context__
